"""The peer of `signals.py`: two signals read straight with pandas.

Takes a folder with `ticket_events`, `question_waits` and `person_accounts` as Parquet, and prints seconds and the value
of each person, in an environment of its own.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd

OUTSIDERS = ("client", "bot")


def delegation_share(folder: Path, persons: pd.Series) -> pd.Series:
    """Of the tickets an account got, the share it passed on; by person."""
    events = pd.read_parquet(folder / "ticket_events.parquet",
                             columns=["ticket_id", "actor_account_id", "from_account_id", "to_account_id"])  # fmt: skip
    moved = events[events.to_account_id.notna()]
    got = moved[moved.from_account_id.isna() | (moved.from_account_id != moved.to_account_id)]
    held = got[["ticket_id", "to_account_id"]].drop_duplicates().rename(columns={"to_account_id": "account_id"})
    away = moved[(moved.from_account_id == moved.actor_account_id) & (moved.to_account_id != moved.from_account_id)]
    passed = away[["ticket_id", "from_account_id"]].drop_duplicates().rename(columns={"from_account_id": "account_id"})
    held = held.merge(passed.assign(is_passed=1.0), on=["ticket_id", "account_id"], how="left")
    held["person_id"] = held.account_id.map(persons)
    return held.dropna(subset=["person_id"]).fillna({"is_passed": 0.0}).groupby("person_id").is_passed.mean()


def peer_answer_share(folder: Path, persons: pd.Series) -> pd.Series:
    """Of colleagues' settled questions, the share answered; by person."""
    waits = pd.read_parquet(folder / "question_waits.parquet",
                            columns=["account_id", "asker_account_id", "answer_id", "is_over"])  # fmt: skip
    waits = waits[waits.is_over]
    person, asker = waits.account_id.map(persons), waits.asker_account_id.map(persons)
    kept = person.notna() & asker.notna() & (person != asker)
    return waits[kept].answer_id.notna().groupby(person[kept]).mean()


def main() -> None:
    """Print one JSON object: seconds, and the value of each person."""
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    accounts = pd.read_parquet(folder / "person_accounts.parquet")
    persons = accounts[~accounts.kind.isin(OUTSIDERS)].set_index("account_id").person_id
    began = time.perf_counter()
    values = {name: globals()[name](folder, persons).to_dict() for name in names}
    told = {"values": values, "pandas_seconds": time.perf_counter() - began}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
