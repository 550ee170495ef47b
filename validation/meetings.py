"""Study: who steers a meeting of four, and which stretch of talk answers which, from raw words and times.

`--data` is a folder with the `ami_*.csv.gz` tables; roles, act types and addressees may be blank and are never read by
the models, only to judge them. The shipped models were trained on AMI: on the meetings they were trained on the
figures flatter, and the cards' figures, of groups not trained on, are printed beside them.
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

from training.meetings import Meeting, meetings, pair_f1, totals_correlation

from cadre.language.embedding import WordVectors
from cadre.language.meeting.pair import answered, threshold
from cadre.language.meeting.steer import MIDDLE, Reading, features, steering
from cadre.language.meeting.talk import talk_acts
from cadre.language.shipped import card

Figure = dict[str, Any]
READINGS: tuple[Reading, ...] = ("all", "middle", "talk")


def read(meeting: Meeting) -> None:
    """What the shipped models make of one meeting."""
    meeting.acts = talk_acts(meeting.talk)
    meeting.vectors = WordVectors().embed(meeting.talk.text)
    meeting.candidate, meeting.chance = answered(meeting.talk, meeting.acts, meeting.vectors)


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


def study(data: Path, predict: Path | None) -> dict[str, Any]:
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
    for reading, name in (("all", ""), ("middle", "_middle_90"), ("talk", "_without_words")):
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
            "steering a staged meeting is not leading a firm; single answers are too unsure to be shown, totals are what signals read",
        ],
    }  # fmt: skip


def main() -> None:
    """Run the study and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--predict", type=Path)
    options.add_argument("--json", action="store_true", help="print only the JSON object")
    given = options.parse_args()
    found = study(given.data, given.predict)
    if not given.json:
        for name, figure in found["figures"].items():
            print(f"{name:46} {figure['value']}  [{figure['low']}, {figure['high']}]  n {figure['n']}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
