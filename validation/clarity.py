"""Study: does clarity tell whether the next turn asks back, beyond length and topic; and do the exchange models hold?

`--data` is a folder with any of chat logs (`*.ascii.txt` or `chat/*.tar.gz`, gold in `*.annotation.txt`), help-desk
comments (`helpdesk_utterances.csv.gz`) and AMI tables (`ami_*.csv.gz`), at any depth. No shipped model is fitted here;
the logistic models that stand beside clarity are cross-fitted on the data, and where the data hold the labelled turns the
exchange models are cross-validated on them. It does not say that who writes clearly leads well.
"""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.clarity import clarity_parts, fit, folds_of, known_beside, outcome, pairs
from training.labelled import labelled

from cadre.language.clarity import PARTS, SCORED, form, parts, score
from cadre.language.exchange import asks_back
from training import exchange

Figure = dict[str, Any]
AGAIN, LEAST_ASKED, LEAST_LABELLED = 300, 20, 100
NONE: Figure = {"value": None, "low": None, "high": None, "n": 0}
NOTES = (
    f"parts of clarity in the score: {', '.join(SCORED) or 'none passed; clarity here is the equal-weights mean shown to writers'}",
    "asks back: the shipped repair model at .3, shown the reply alone, reminders left out; its labels were not read by people",
    ("beside clarity: length, whether the turn asks, hashed topic words; logistic, cross-fitted on this data in five folds of logs or "
     "tickets; the interval draws logs or tickets anew without fitting again"),
    ("gain_parts: all ten parts in that model, whatever their direction; a gain from a part that works the wrong way (in the help desk "
     "data the parts were judged on, one_ask: more asks, fewer asked back) is no success of clarity"),
    ("labelled_auc: the same by labels, so far as they reach: how well low clarity, or length, alone tells a turn whose labelled "
     "reply asks back; some of these replies were chosen because they ask"),
    "chat: gold links where there are, else each turn answers the last one of another speaker",
    ("labels: read by a large language model following training/labels/guideline.md, in part twice independently, by no person; kappa "
     "is of the two readings; exchange models cross-validated by log, ticket and group of meetings on randomly chosen turns at .5 "
     f"(_lower: at {exchange.LOWER})"),
    ("meetings: an eliciting act that answers another's act asks back; native: the participant's code says English; recall and precision "
     f"at {exchange.LOWER}; n counts acts that ask back, intervals draw people anew"),
)  # fmt: skip


def figure(value: float, drawn: Any, n: int) -> Figure:
    """A value with the middle 95% of what redrawing gave."""
    drawn = np.asarray(drawn, float)
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, (0.025, 0.975)) if len(drawn) else (np.nan, np.nan)
    return {
        name: None if np.isnan(v) else round(float(v), 4)
        for name, v in (("value", value), ("low", low), ("high", high))
    } | {"n": n}


def auc(truth: Any, said: Any) -> float:
    """Chance that a turn that was asked back about stands above one that was not."""
    from scipy.stats import rankdata

    positive = truth.sum()
    if positive in (0, len(truth)):
        return float("nan")
    return float((rankdata(said)[truth].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))


def draws(group: Any, again: int = AGAIN) -> list[Any]:
    """Rows of groups drawn anew with replacement."""
    rng = np.random.default_rng(13)
    _, number = np.unique(group, return_inverse=True)
    where = np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number))[:-1])
    return [np.concatenate([where[k] for k in rng.integers(0, len(where), len(where))]) for _ in range(again)]


def cross_fitted(x: Any, y: Any, fold: Any) -> Any:
    """What a logistic model says of each row that was fitted without its log or ticket."""
    said = np.zeros(len(y))
    for f in np.unique(fold):
        train = fold != f
        if 0 < y[train].sum() < train.sum():
            said[~train] = fit(x[train], y[train]).decision_function(x[~train])
    return said


def clarity_gain(data: Path) -> tuple[dict[str, Figure], list[str]]:
    """Whether clarity adds to length and topic, for chat and help desk apart."""
    from scipy.sparse import csr_matrix, hstack

    some, figures, notes = pairs(data), dict[str, Figure](), list[str]()
    genre = np.array([pair.genre for pair in some])
    for name in ("chat", "helpdesk"):
        here = [pair for pair, g in zip(some, genre, strict=True) if g == name]
        values = clarity_parts(here) if here else np.zeros((0, len(PARTS)))
        kept = np.flatnonzero(~np.isnan(values[:, 0]))
        here, values = [here[k] for k in kept], values[kept]
        y = outcome(here) if here else np.zeros(0, bool)
        names = ("auc_length_topic", "auc_with_clarity", "gain", "auc_with_parts", "gain_parts", "asks_back_share")
        if y.sum() < LEAST_ASKED:
            figures |= {f"{name}_{figure_}": NONE for figure_ in names}
            notes.append(
                f"{name}: {len(here)} readable turns with a reply, {int(y.sum())} asked back about: too few to say"
            )
            continue
        beside, group = known_beside(here), np.array([pair.group for pair in here])
        fold = folds_of(group)
        one = mirror(here)
        whole = {
            "length_topic": beside,
            "with_clarity": hstack([csr_matrix(one[:, None]), beside]).tocsr(),
            "with_parts": hstack([csr_matrix(values), beside]).tocsr(),
        }
        said = {key: cross_fitted(x, y, fold) for key, x in whole.items()}
        again = draws(group)
        drawn = {key: np.array([auc(y[k], s[k]) for k in again]) for key, s in said.items()}
        point = {key: auc(y, s) for key, s in said.items()}
        n = len(here)
        for key in whole:
            figures[f"{name}_auc_{key}"] = figure(point[key], drawn[key], n)
        for key, label in (("with_clarity", "gain"), ("with_parts", "gain_parts")):
            figures[f"{name}_{label}"] = figure(
                point[key] - point["length_topic"], drawn[key] - drawn["length_topic"], n
            )
        figures[f"{name}_asks_back_share"] = figure(float(y.mean()), [y[k].mean() for k in again], n)
    return figures, notes


def labelled_outcome(data: Path) -> dict[str, Figure]:
    """The same question with what was labelled in place of the model: turns whose labelled reply by another asks back or not."""
    figures = {}
    every = [turn for turn in labelled(data) if turn.before and not turn.same_speaker]
    for name, genre in (("chat", "irc"), ("helpdesk", "helpdesk")):
        turns = [turn for turn in every if turn.genre == genre]
        clear = form([turn.before for turn in turns], "colleague")
        kept = np.flatnonzero(~np.isnan(clear))
        truth = np.array(["B" in turns[k].first for k in kept], bool)
        for label, said in (("clarity", -clear[kept]), ("length", np.array([len(turns[k].before) for k in kept]))):
            key = f"{name}_labelled_auc_{label}"
            if truth.sum() < LEAST_ASKED:
                figures[key] = NONE
                continue
            group = np.array([turns[k].group for k in kept])
            figures[key] = figure(auc(truth, said), [auc(truth[k], said[k]) for k in draws(group)], len(kept))
    return figures


def mirror(some: list[Any]) -> Any:
    """The score where parts passed, else the equal-weights mean that is shown to the writer alone, for whom each was written."""
    out = np.zeros(len(some))
    for reader in ("colleague", "client"):
        rows = [k for k, pair in enumerate(some) if pair.client == (reader == "client")]
        texts = [some[k].turn for k in rows]
        out[rows] = score(texts, reader) if SCORED else form(texts, reader)
    return out


def labelled_figures(data: Path) -> tuple[dict[str, Figure], dict[str, float], list[str], Any]:
    """Exchange models against the labelled turns, cross-validated by log, ticket and group of meetings; readers' agreement."""
    names = ("precision", "recall", "auc", "average_precision")
    rows = exchange.own_rows(data)
    if len(rows.turn) < LEAST_LABELLED or np.sum(np.array(rows.label)[np.array(rows.random), 0] >= 0.5) < LEAST_ASKED:
        figures = {f"{model}_{name}": NONE for model in exchange.TOLD for name in names}
        return (
            figures,
            {},
            [
                "too few of the labelled turns are in the data: exchange models not held against labels; meetings read by the shipped model, which has learnt from AMI"
            ],
            None,
        )
    outside, people = exchange.ami_rows(data)
    rows, figures, baselines, spoken = exchange.joined(rows, outside), {}, {}, None
    kind = np.array(rows.kind)
    chosen = (kind != "ami_act") & np.array(rows.random)
    for k, model in enumerate(exchange.TOLD):
        chance = exchange.held_out(rows, exchange.matrix(exchange.seen_by(model, rows))[0], k)[0]
        y = np.array(rows.label, float)[:, k]
        told = exchange.judged(chance[chosen], y[chosen], np.array(rows.group)[chosen])
        for name in (*names, "precision_lower", "recall_lower"):
            figures[f"{model}_{name}"] = {
                **dict(zip(("value", "low", "high"), told[name], strict=True)),
                "n": told["n"],
            }
        marks = np.array([text.rstrip().endswith("?") for text in rows.turn])[chosen]
        if model == "repair":
            truth = y[chosen] >= 0.5
            baselines["repair_question_mark_precision"] = round(float(truth[marks].mean()), 4)
            baselines["repair_question_mark_recall"] = round(float(marks[truth].mean()), 4)
            baselines["repair_positive_share"] = round(float(truth.mean()), 4)
            spoken = (chance[kind == "ami_act"], y[kind == "ami_act"] > 0, np.array(people))
        figures[f"kappa_{model}"] = exchange.agreement(data, exchange.TOLD[model])
    return figures, baselines, [], spoken


def spoken_figures(data: Path, spoken: Any) -> dict[str, Figure]:
    """Asking back in meetings by native and other speakers of English, people drawn anew."""
    names = [f"repair_{what}_{who}" for who in ("native", "other") for what in ("recall", "precision", "auc")]
    if spoken is None or not len(spoken[0]):
        rows, people = exchange.ami_rows(data)
        if not rows.turn:
            return dict.fromkeys((*names, "repair_recall_gap", "repair_auc_gap"), NONE)
        spoken = (
            asks_back(rows.before, rows.turn, np.array(rows.same)),
            np.array(rows.label)[:, 0] > 0,
            np.array(people),
        )
    said = ~np.isnan(spoken[0])  # an act without words says nothing
    chance, truth, person = (column[said] for column in spoken)
    native = np.array([p[2:3] == exchange.NATIVE for p in person])
    told = chance >= exchange.LOWER

    def both(k: Any) -> dict[str, float]:
        out: dict[str, float] = {}
        for who, part in (("native", k[native[k]]), ("other", k[~native[k]])):
            hit, said, is_ = (told & truth)[part].sum(), told[part].sum(), truth[part].sum()
            out |= {f"repair_recall_{who}": hit / is_ if is_ else np.nan, f"repair_precision_{who}": hit / said if said else np.nan,
                    f"repair_auc_{who}": auc(truth[part], chance[part])}  # fmt: skip
        out["repair_recall_gap"] = out["repair_recall_native"] - out["repair_recall_other"]
        out["repair_auc_gap"] = out["repair_auc_native"] - out["repair_auc_other"]
        return out

    drawn = [both(k) for k in draws(person)]
    count = {"native": int(truth[native].sum()), "other": int(truth[~native].sum())}
    return {name: figure(value, [d[name] for d in drawn], count.get(name.rsplit("_", 1)[1], sum(count.values())))
            for name, value in both(np.arange(len(truth))).items()}  # fmt: skip


def speed(data: Path) -> dict[str, Figure]:
    """Texts a second whose parts are read, on one core."""
    texts = [turn.text for turn in labelled(data)] or [
        "Please restart the print service on the second server, then try again."
    ] * 500
    texts *= max(1, 10_000 // len(texts))
    begun = time.process_time()
    parts(texts, "client")
    return {
        "clarity_texts_per_second": {
            "value": round(len(texts) / (time.process_time() - begun)),
            "low": None,
            "high": None,
            "n": len(texts),
        }
    }


def study(data: Path) -> dict[str, Any]:
    """Everything the study prints."""
    begun = time.time()
    gains, notes = clarity_gain(data)
    held, baselines, missing, spoken = labelled_figures(data)
    figures = gains | labelled_outcome(data) | held | spoken_figures(data, spoken) | speed(data)
    for name in ("chat", "helpdesk"):
        value = figures[f"{name}_auc_length_topic"]["value"]
        if value is not None:
            baselines[f"{name}_auc_length_topic"] = value
    return {
        "study": "clarity", "data": str(data), "seconds": round(time.time() - begun, 1), "figures": figures, "baselines": baselines,
        "notes": [*notes, *missing, *NOTES],
    }  # fmt: skip


def main() -> None:
    """Run the study and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--json", action="store_true", help="print only the JSON object")
    given = options.parse_args()
    warnings.filterwarnings("ignore")
    told = study(given.data)
    if not given.json:
        for name, one in told["figures"].items():
            print(f"{name:32} {one['value']}  [{one['low']}, {one['high']}]  n {one['n']}")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
