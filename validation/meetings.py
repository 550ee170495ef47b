"""Study: who steers a meeting of four, and which stretch of talk answers which, from raw words and times.

`--data` is a folder with the `ami_*.csv.gz` tables; roles, act types and addressees may be blank and are never read by
the models, only to judge them. The shipped models were trained on AMI: on the meetings they were trained on the
figures flatter, and the cards' figures, of groups not trained on, are printed beside them. Who leads is also told by the
product's own estimator of readiness, always fitted on other people's meetings (`meeting_lead.py`); with `--unseen` the acts
and answers it reads come from models fitted anew without the judged groups, too.
"""

import argparse
import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import meeting_lead
from training.meetings import (
    FOLDS,
    Meeting,
    fit_acts,
    known_of,
    meetings,
    pair_f1,
    pair_rows,
    told_acts,
    totals_correlation,
)

from cadre.language.embedding import WordVectors
from cadre.language.meeting.pair import answered, candidates, rows, threshold
from cadre.language.meeting.steer import MIDDLE, Reading, features, steering
from cadre.language.meeting.talk import TALK, talk_acts
from cadre.language.shipped import card

Figure = dict[str, Any]
READINGS: tuple[Reading, ...] = ("all", "middle", "talk")
ROUNDS = 200


def read(meeting: Meeting) -> None:
    """What the shipped models make of one meeting."""
    meeting.acts = talk_acts(meeting.talk)
    meeting.vectors = WordVectors().embed(meeting.talk.text)
    meeting.candidate, meeting.chance = answered(meeting.talk, meeting.acts, meeting.vectors)


def read_unseen(every: list[Meeting], rounds: int = ROUNDS) -> None:
    """The same from models fitted on the meetings of other groups, in folds, as the cards' figures are made; takes minutes.

    Args:
        every: Meetings with act types and adjacency pairs to fit on.
        rounds: Trees of the model of answers.

    Raises:
        SystemExit: The other groups tell too few acts or no answers, as where these are blank.
    """
    from training.trees import scores, softmax, train

    groups = sorted({m.group for m in every})
    folds = [groups.index(m.group) % FOLDS for m in every]

    def split(fold: int) -> tuple[list[Meeting], list[Meeting]]:
        sides = [[m for m, f in zip(every, folds, strict=True) if (f == fold) == inside] for inside in (False, True)]
        return sides[0], sides[1]

    for fold in sorted(set(folds)):
        others, judged = split(fold)
        lacking = sorted(set(TALK) - {act for meeting in others for act in meeting.act})
        if lacking or not any(meeting.answers for meeting in others):
            raise SystemExit(f"--unseen: the groups to fit on tell no {', '.join(lacking) or 'answers'}; leave it out")
        model = fit_acts(others)
        for meeting in judged:
            meeting.acts = told_acts(model, meeting.talk)
    for meeting in every:
        meeting.vectors, meeting.candidate = WordVectors().embed(meeting.talk.text), candidates(meeting.talk)
    sums: dict[str, Any] = {}
    for fold in sorted(set(folds)):
        others, judged = split(fold)
        booster = train(*pair_rows(others), rounds=rounds, seed=1)
        for m in judged:
            sums[m.name] = scores([booster], rows(m.talk, m.acts, m.vectors, m.candidate))
    for meeting in every:
        meeting.chance = softmax(sums[meeting.name], meeting.candidate >= 0)


def seen(every: list[Meeting], reading: str) -> list[meeting_lead.Seen]:
    """What the estimator reads of each meeting, of the whole or its middle 90%."""
    return [meeting_lead.Seen(m.group, known_of(m, reading), m.lead) for m in every]


def chances(meeting: Meeting, reading: Reading) -> Any:
    """Chance of each speaker to be the one who steers, from the whole meeting, its middle, or talk alone."""
    talk = meeting.talk
    if reading != "middle":
        return steering(features(talk, meeting.acts, meeting.candidate, meeting.chance), reading)
    cut = talk.between(*MIDDLE)
    acts = talk_acts(cut)
    return steering(features(cut, acts, *answered(cut, acts, WordVectors().embed(cut.text))), reading)


def drawn(values: list[Any], measure: Any, n: int, groups: list[str]) -> Figure:
    """A figure with its interval: groups of people drawn anew with replacement."""
    if not values:
        return {"value": None, "low": None, "high": None, "n": 0}
    rng = np.random.default_rng(5)
    names = sorted(set(groups))
    by = {name: [k for k, g in enumerate(groups) if g == name] for name in names}
    again = [measure([values[k] for g in rng.choice(names, len(names)) for k in by[g]]) for _ in range(300)]
    low, high = (float(np.quantile(again, q)) for q in (0.025, 0.975))
    several = len(names) > 1
    return {"value": round(float(measure(values)), 4), "n": n, "low": round(low, 4) if several else None,
            "high": round(high, 4) if several else None}  # fmt: skip


def auc(pairs: list[tuple[Any, int]]) -> float:
    """Chance that the leader is put before another of the same meeting."""
    return float(np.mean([(chance[lead] > other) + 0.5 * (chance[lead] == other)
                          for chance, lead in pairs for k, other in enumerate(chance) if k != lead]))  # fmt: skip


def estimated(every: list[Meeting], train: list[Meeting] | None) -> dict[str, Figure]:
    """What the estimator of readiness tells, from the whole meeting and from its middle 90%."""
    made: dict[str, Figure] = {}
    for reading, suffix in (("all", ""), ("middle", "_middle_90")):
        fitted_on = None if train is None else seen(train, reading)
        made |= meeting_lead.figures(seen(every, reading), fitted_on, suffix)
    return made


def study(data: Path, predict: Path | None, train: Path | None = None, *, unseen: bool = False) -> dict[str, Any]:
    """Everything the study prints."""
    begun = time.time()
    every = meetings(data)
    if not every:
        raise SystemExit(f"no ami_dialogue_acts.csv.gz below {data}")
    for meeting in every:
        read(meeting)
    told = {reading: [chances(meeting, reading) for meeting in every] for reading in READINGS}
    if predict:
        with predict.open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(["meeting", "speaker", "score"])
            rows.writerows((m.name, speaker, round(float(score), 6)) for m, chance in zip(every, told["all"], strict=True)
                           for speaker, score in zip(m.speakers, chance, strict=True))  # fmt: skip
    led = [k for k, m in enumerate(every) if m.lead is not None]
    groups = [every[k].group for k in led]
    figures: dict[str, Figure] = {}
    suffixes: dict[Reading, str] = {"all": "", "middle": "_middle_90", "talk": "_without_words"}
    for reading, name in suffixes.items():
        pairs = [(told[reading][k], int(every[k].lead or 0)) for k in led]
        figures[f"leader_top1{name}"] = drawn(
            pairs, lambda some: np.mean([c.argmax() == lead for c, lead in some]), len(led), groups
        )
        figures[f"leader_auc{name}"] = drawn(pairs, auc, len(led), groups)
    paired = [m for m in every if m.answers]
    names = [m.group for m in paired]
    figures["adjacency_f1"] = drawn(
        paired, lambda some: pair_f1(some, threshold())[0], sum(map(len, (m.answers for m in paired))), names
    )
    figures["pair_totals_rank_correlation"] = drawn(
        paired, lambda some: totals_correlation(some)[0], 12 * len(paired), names
    )
    figures["pair_totals_rank_correlation_within_meeting"] = drawn(
        paired, lambda some: totals_correlation(some)[1], 12 * len(paired), names
    )
    talk = [
        float(np.argmax(np.bincount(every[k].talk.speaker, every[k].talk.end - every[k].talk.start)) == every[k].lead)
        for k in led
    ]
    others = meetings(train) if train else None
    if others == []:
        raise SystemExit(f"no ami_dialogue_acts.csv.gz below {train}")
    for meeting in others or []:
        read(meeting)
    if unseen:
        read_unseen(every)
    figures |= estimated(every, others)
    baselines: dict[str, Any] = {
        "chance_top1": 0.25,
        "most_talk_top1": round(float(np.mean(talk)), 4) if talk else None,
    }
    baselines |= {f"card_{k}": v for k, v in card("meeting_lead").told["figures"].items()}
    return {
        "study": "meetings", "data": str(data), "seconds": round(time.time() - begun, 1), "figures": figures, "baselines": baselines,
        "notes": [
            "intervals by drawing groups of people anew",
            "card_*: the same measured on groups of meetings the models had not seen, when they were trained on AMI",
            ("auc_*, average_precision*, calibration_*: the product's estimator of readiness over seven competencies of a meeting, fitted on "
             + ("--train" if train else "the meetings of the other groups") + ", pooled over speakers; auc_gain: over the share of the talking alone; "
             "every_signal: over all 52 signals with a tight prior; the acts it reads are "
             + ("of models fitted without the judged groups" if unseen else "the shipped models', which flatter on meetings they were trained on: --unseen")),
            "calibration_slope: 1 where chances are neither too bold nor too shy; calibration_in_the_large: expected leads over leads",
            "steering a staged meeting is not leading a firm; single answers are too unsure to be shown, totals are what signals read",
        ],
    }  # fmt: skip


def main() -> None:
    """Run the study and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument(
        "--train", type=Path, help="another folder to fit the estimator on; else the other groups of --data"
    )
    options.add_argument(
        "--unseen", action="store_true", help="acts and answers by models fitted without the judged groups (minutes)"
    )
    options.add_argument("--predict", type=Path, help="where to write meeting,speaker,score of the shipped models")
    options.add_argument("--json", action="store_true", help="print only the JSON object")
    given = options.parse_args()
    found = study(given.data, given.predict, given.train, unseen=given.unseen)
    if not given.json:
        for name, figure in found["figures"].items():
            print(f"{name:46} {figure['value']}  [{figure['low']}, {figure['high']}]  n {figure['n']}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
