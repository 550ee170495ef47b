"""A statistical second reader for what leaves the firm: Presidio with a spaCy model, where somebody installed them.

Keeps true: nothing here calls out. Presidio brings `tldextract`, which would fetch the list of public suffixes; it is
told to use the one it ships before Presidio is imported. The default install has neither Presidio nor a model.
Reference: Microsoft Presidio, analyzer.
"""

import importlib
from typing import Any

from cadre.errors import CadreError
from cadre.language.private.span import Span

_KINDS = {
    "PERSON": "person", "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "IP_ADDRESS": "ip", "MAC_ADDRESS": "mac", "CREDIT_CARD": "card",
    "IBAN_CODE": "iban", "URL": "url", "US_SSN": "id", "US_PASSPORT": "id", "US_ITIN": "id", "US_BANK_NUMBER": "id", "UK_NHS": "id", "CRYPTO": "key", "ORGANIZATION": "name",
}  # fmt: skip
EXTRA = "requirements/private.txt"
"""Pinned by hash; not part of the default install, since others than its authors packaged the model."""


class Presidio:
    """Presidio behind the same door as our own recognisers.

    Args:
        model: Name of an installed spaCy model.
        entities: What to ask for; people alone by default, as rules do the rest better and faster.
        score: Least confidence, from 0 to 1.

    Raises:
        CadreError: Presidio or the model is not installed.
    """

    def __init__(
        self, model: str = "en_core_web_sm", entities: tuple[str, ...] = ("PERSON",), score: float = 0.5
    ) -> None:
        """Load once: it takes seconds and about 300 MB."""
        self._entities = list(entities)
        self._score = score
        self._analyzer = _analyzer(model)

    def find(self, text: str) -> list[Span]:
        """Spans of a text, in any order."""
        told = self._analyzer.analyze(text=text, entities=self._entities, language="en", score_threshold=self._score)
        return [Span(one.start, one.end, _KINDS.get(one.entity_type, "name")) for one in told]


def _analyzer(model: str) -> Any:
    try:
        tldextract: Any = importlib.import_module("tldextract")
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
        tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
        presidio: Any = importlib.import_module("presidio_analyzer")
        engines: Any = importlib.import_module("presidio_analyzer.nlp_engine")
        nlp = importlib.import_module(model).load()
    except ImportError as error:
        raise CadreError(
            f"The statistical reader needs {error.name}, which is not installed.",
            hint=f"Run: pip install --require-hashes -r {EXTRA}, or work without the second reader.",
        ) from error
    engine = engines.SpacyNlpEngine(models=[{"lang_code": "en", "model_name": model}])
    engine.nlp = {"en": nlp}
    return presidio.AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
