"""Study: does what technicians do in help-desk conversations agree with what their manager thinks of their service.

`--data` and `--train` are folders with `helpdesk_utterances.csv.gz` and `helpdesk_manager_scores.csv.gz`; comments come in
through the product's own source; of the manager's file the names and q1 to q3 are read, and `avg_comments` to be held against, no more. Each measure has its
direction before any fit, and a weight the other way is held at zero: fewer answers or explanations can never count for a
person. A manager's view of a person's service is not readiness to lead, and at some dozens of people little can be told.
"""

import argparse
import csv
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls
from scipy.stats import rankdata

sys.path.insert(0, str(Path(__file__).resolve().parent))

import desk

Figure = dict[str, Any]
NONE: Figure = {"value": None, "low": None, "high": None, "n": 0}
HEADER = ("employee", "score")
DRAWS, REPEATS, FOLDS = 2000, 20, 5
LEAST, SEEN_TICKETS = 10, 3
PENALTY = 20.0
"""Ridge: with few people weights stay small and near each other; from 5 to 60 the development figure moves from .56 to .61."""
THINNINGS = 4
AXES: dict[str, tuple[str, ...]] = {
    "": tuple(desk.MEASURES),
    "_craft": tuple(name for name, told in desk.MEASURES.items() if told.axis == "craft"),
    "_communication": tuple(name for name, told in desk.MEASURES.items() if told.axis == "communication"),
    "_without_forms": tuple(name for name in desk.MEASURES if name not in ("courtesy_share", "note_share")),
}
NOTES = (
    "spearman: with the mean of q1 to q3; people not fitted on; intervals draw people anew, predictions held",
    ("comments a ticket: the person's comments by the tickets they wrote on, counted in the same conversations, more counting against them; "
     "gain is paired, person by person, against its absolute value; _told: the same from the manager's file, over all of a person's tickets, "
     "of which the conversations are a small part"),
    "equal_weights: all measures at weight one in their own direction; no weight fitted, so it needs no --train",
    "beyond_comments: rank correlation with comments a ticket taken out of both",
    ("silence_gain: change of the prediction, in its standard deviations, when a random half of a person's own comments is taken out of "
     "the record; a model that rewards silence would show a gain. with_comments: how predictions go with comments a ticket"),
    "on_three_tickets: people seen on at least three tickets; shares of people seen on few are drawn towards the desk's middle (three tickets' worth)",
    ("measures were chosen after looking at some forty single ones and about twenty sets on the 45 people of the one desk there is: on them the figure flatters, and only "
     "people not among them can tell; apologies, which went with low answers, were left out: who owns up to a fault must not lose by it"),
    "without_forms: without courtesy and notes for colleagues, which came in only after that look and are easily put on",
    "of the desk's people those who take tickets first are thought well of and those who solve the long ones less: who is given what is not adjusted for",
    "courtesy (please, kindly) is a matter of language and place and easily put on: it may be shown to a writer, it is no signal",
)  # fmt: skip


def spearman(a: Any, b: Any) -> float:
    """Rank correlation; NaN where either does not vary."""
    x, y = rankdata(a), rankdata(b)
    return float(np.corrcoef(x, y)[0, 1]) if len(x) > 1 and np.ptp(x) and np.ptp(y) else float("nan")


def beyond(a: Any, b: Any, c: Any) -> float:
    """Rank correlation of two with a third taken out of both (partial Spearman)."""
    ab, ac, bc = spearman(a, b), spearman(a, c), spearman(b, c)
    rest = (1 - ac * ac) * (1 - bc * bc)
    return (ab - ac * bc) / float(np.sqrt(rest)) if rest > 0 else float("nan")


def drawn(measure: Any, n: int) -> Figure:
    """A figure of people with its interval.

    Args:
        measure: Rows of people -> value.
        n: How many people.
    """
    if n < LEAST:
        return NONE | {"n": n}
    rng = np.random.default_rng(3)
    value = measure(np.arange(n))
    again = np.array([measure(rng.integers(0, n, n)) for _ in range(DRAWS)])
    again = again[~np.isnan(again)]
    if np.isnan(value) or not len(again):
        return NONE | {"n": n}
    low, high = np.quantile(again, (0.025, 0.975))
    return {"value": round(float(value), 4), "low": round(float(low), 4), "high": round(float(high), 4), "n": n}


def asked(folder: Path) -> tuple[list[str], dict[str, float], dict[str, float]]:
    """Names in the manager's file, and the mean of the questions answered of those with an answer.

    Returns:
        Names in the order of the file, none where there is no file; name -> mean of q1 to q3, 1 to 5; name -> comments a
        ticket over all of the person's tickets as the file gives them, which no model reads.
    """
    names: list[str] = []
    means: dict[str, float] = {}
    comments: dict[str, float] = {}
    for path in sorted(folder.rglob("helpdesk_manager_scores.csv*")):
        with (
            gzip.open(path, "rt", encoding="utf-8-sig")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig") as f
        ):
            for row in csv.DictReader(f):
                if not (name := (row.get("employee") or "").strip()):
                    continue
                names.append(name)
                if told := [value for q in ("q1", "q2", "q3") if (value := number(row.get(q))) is not None]:
                    means[name] = float(np.mean(told))
                if (count := number(row.get("avg_comments"))) is not None:
                    comments[name] = count
    return list(dict.fromkeys(names)), means, comments


def number(text: str | None) -> float | None:
    """A cell as a number; None where it is blank or holds no number."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def signed(shares: dict[str, Any], people: list[str], names: tuple[str, ...]) -> Any:
    """Measures of people as columns, turned so that more is thought better; the desk's middle where nothing was seen."""
    middle = shares[desk.MIDDLE]
    rows = np.array([[shares.get(person, middle)[name] for name in names] for person in people]).reshape(-1, len(names))
    return rows * np.array([desk.MEASURES[name].sign for name in names])


class Weights:
    """Weights of measures, none below zero, fitted to the ranks of the manager's means.

    Ridge with weights held at zero or above (Lawson and Hanson 1974); a person counts by the tickets they were seen on.
    """

    def __init__(self, x: Any, y: Any, tickets: Any) -> None:
        self.middle, self.spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
        ranks = rankdata(y)
        target = (ranks - ranks.mean()) / max(float(ranks.std()), 1e-9)
        counts = np.sqrt(tickets / (tickets + desk.DRAWN_TICKETS))
        z = (x - self.middle) / self.spread * counts[:, None]
        ridge = np.sqrt(PENALTY) * np.eye(x.shape[1])
        self.weights = nnls(np.vstack([z, ridge]), np.r_[target * counts, np.zeros(x.shape[1])])[0]

    def say(self, x: Any) -> Any:
        """The prediction: the manager's ranking in standard deviations, 0 for the middle of those fitted on."""
        return (x - self.middle) / self.spread @ self.weights


def cross_fitted(x: Any, y: Any, tickets: Any) -> Any:
    """What models say of people they were not fitted on: the mean of twenty divisions into five parts."""
    rng = np.random.default_rng(7)
    said = np.zeros(len(y))
    for _ in range(REPEATS):
        part = rng.permutation(np.arange(len(y)) % FOLDS)
        for k in range(FOLDS):
            said[part == k] += Weights(x[part != k], y[part != k], tickets[part != k]).say(x[part == k]) / REPEATS
    return said


def equal(x: Any) -> Any:
    """All measures at weight one, standardised over those at hand."""
    return ((x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9)).sum(axis=1)


class Reading:
    """A folder's conversations and what the manager said.

    Attributes:
        people: Whom the manager's file names; everybody of the desk where there is none.
        means: The manager's mean where it is told.
        told_comments: Comments a ticket as the manager's file gives them, to be held against.
        shares: Person -> measure -> value, drawn towards the middle.
        tickets: Person -> tickets written on.
    """

    def __init__(self, folder: Path) -> None:
        self.desk = desk.Desk(folder)
        named, self.means, self.told_comments = asked(folder)
        self.shares = self.desk.shares()
        self.tickets = self.desk.tickets()
        self.people = named or sorted(self.tickets)

    def seen(self, people: list[str]) -> Any:
        """Tickets each was seen on."""
        return np.array([self.tickets.get(person, 0) for person in people], float)

    def comments(self, people: list[str]) -> Any:
        """Comments a ticket of each, drawn to the middle like the rest; the middle where nothing was seen."""
        count = self.desk.comments()
        middle = sum(count.values()) / max(sum(self.tickets.values()), 1)
        k = desk.DRAWN_TICKETS
        return np.array([(count.get(p, 0) + k * middle) / (self.tickets.get(p, 0) + k) for p in people])


def predictions(data: Reading, train: Reading | None, names: tuple[str, ...]) -> tuple[Any, Weights | None, str]:
    """What is said of each person of the data, the weights and how they came about.

    Whoever is judged is never fitted on: people of `data` are taken out of `train`, and without it folds of people are.
    """
    x = signed(data.shares, data.people, names)
    source = train or data
    fitting = [p for p in source.people if p in source.means and (train is None or p not in set(data.people))]
    if len(fitting) < LEAST:
        return equal(x), None, f"{len(fitting)} people to fit on are too few: weights are equal"
    y, tickets = np.array([source.means[p] for p in fitting]), source.seen(fitting)
    whole = Weights(signed(source.shares, fitting, names), y, tickets)
    said = whole.say(x)
    if train is not None:
        return said, whole, f"fitted on {len(fitting)} people of --train who are not in --data"
    place = [data.people.index(p) for p in fitting]
    said[place] = cross_fitted(x[place], y, tickets)
    return said, whole, f"no --train: cross-fitted over {len(fitting)} people, {REPEATS} times {FOLDS} parts"


def silence(data: Reading, model: Weights, spread: float) -> Figure:
    """What taking half of a person's comments away does to what is said of them."""
    rng = np.random.default_rng(19)
    people = [p for p in data.people if data.desk.comments().get(p, 0) >= 4]
    names = AXES[""]
    changes = []
    for person in people:
        plain = model.say(signed(data.shares, [person], names))[0]
        thinned = [data.desk.shares(data.desk.without_half(person, rng), only=person) for _ in range(THINNINGS)]
        changes.append(np.mean([model.say(signed(some, [person], names))[0] for some in thinned]) - plain)
    told = np.array(changes) / spread if changes else np.zeros(0)
    return drawn(lambda k: told[k].mean(), len(told))


def study(folder: Path, train_folder: Path | None, predict: Path | None) -> dict[str, Any]:
    """Everything the study prints."""
    begun = time.perf_counter()
    data, train = Reading(folder), Reading(train_folder) if train_folder else None
    said, notes = {}, []
    model: Weights | None = None
    for axis, names in AXES.items():
        said[f"spearman{axis}"], fitted, how = predictions(data, train, names)
        if not axis:
            model, notes = fitted, [how]
    if predict:
        with predict.open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out, lineterminator="\n")
            rows.writerow(HEADER)
            rows.writerows((p, round(float(s), 6)) for p, s in zip(data.people, said["spearman"], strict=True))
    said["spearman_equal_weights"] = equal(signed(data.shares, data.people, AXES[""]))
    judged = [k for k, person in enumerate(data.people) if person in data.means]
    told = figures(data, said, judged)
    told["silence_gain"] = NONE
    if model is not None:
        told["silence_gain"] = silence(data, model, max(float(np.std(said["spearman"])), 1e-9))
        notes.append(weights_in_words(model))
    notes.append(f"{len(judged)} people with answers, {int((data.seen([data.people[k] for k in judged]) == 0).sum())} of them not seen in a "
                 f"conversation; {data.desk.automatic} accounts that write on more than half of all tickets as they open are taken for automation and left out")  # fmt: skip
    notes += [f"{name}: no gain that its interval tells from zero" for name in told
              if name.startswith("gain") and told[name]["low"] is not None and told[name]["low"] <= 0]  # fmt: skip
    return {"study": "managers", "data": str(folder), "seconds": round(time.perf_counter() - begun, 1), "figures": told,
            "baselines": {"spearman_comments_a_ticket": told["spearman_comments_a_ticket"]["value"]}, "notes": [*notes, *NOTES]}  # fmt: skip


def figures(data: Reading, said: dict[str, Any], judged: list[int]) -> dict[str, Figure]:
    """Rank agreement, the paired gain and what becomes of it beyond comments a ticket."""
    people = [data.people[k] for k in judged]
    y, comments, seen = np.array([data.means[p] for p in people]), data.comments(people), data.seen(people)
    every = {name: values[judged] for name, values in said.items()} | {"spearman_comments_a_ticket": comments}
    told = {name: drawn(lambda k, v=v: spearman(v[k], y[k]), len(y)) for name, v in every.items()}
    s = every["spearman"]
    known = np.array([k for k, p in enumerate(people) if p in data.told_comments], int)
    column = np.array([data.told_comments[people[k]] for k in known])
    ours, theirs = every["spearman"][known], y[known]
    told["spearman_comments_a_ticket_told"] = drawn(lambda k: spearman(column[k], theirs[k]), len(known))
    told["gain_over_told"] = drawn(
        lambda k: spearman(ours[k], theirs[k]) - abs(spearman(column[k], theirs[k])), len(known)
    )
    told["gain"] = drawn(lambda k: spearman(s[k], y[k]) - abs(spearman(comments[k], y[k])), len(y))
    craft = every["spearman_craft"]
    told["gain_communication"] = drawn(lambda k: spearman(s[k], y[k]) - spearman(craft[k], y[k]), len(y))
    told["spearman_beyond_comments"] = drawn(lambda k: beyond(s[k], y[k], comments[k]), len(y))
    told["spearman_with_comments"] = drawn(lambda k: spearman(s[k], comments[k]), len(y))
    often = seen >= SEEN_TICKETS
    told["spearman_on_three_tickets"] = drawn(lambda k: spearman(s[often][k], y[often][k]), int(often.sum()))
    told["spearman_comments_a_ticket_on_three_tickets"] = drawn(
        lambda k: spearman(comments[often][k], y[often][k]), int(often.sum())
    )
    for name, told_of in desk.MEASURES.items():
        single = signed(data.shares, people, (name,))[:, 0] * told_of.sign
        told[f"single_{name}"] = drawn(lambda k, c=single: spearman(c[k], y[k]), len(y))
    return told


def weights_in_words(model: Weights) -> str:
    """Each measure with its weight, turned back to its own direction."""
    each = ", ".join(
        f"{name} {desk.MEASURES[name].sign * weight:+.2f}" for name, weight in zip(AXES[""], model.weights, strict=True)
    )
    held = [name for name, weight in zip(AXES[""], model.weights, strict=True) if weight == 0]
    return f"weights: {each}" + (
        f"; held at zero, the data would turn them round or need them not: {', '.join(held)}" if held else ""
    )


def main() -> None:
    """Run the study and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--train", type=Path, help="another folder to fit on; else folds of the people of --data")
    options.add_argument("--predict", type=Path, help="where to write employee,score")
    options.add_argument("--json", action="store_true", help="print only the JSON object")
    given = options.parse_args()
    found = study(given.data, given.train, given.predict)
    if not given.json:
        for name, told in found["figures"].items():
            print(f"{name:36} {told['value']}  [{told['low']}, {told['high']}]  n {told['n']}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
