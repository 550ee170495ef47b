"""Cedar's own corpus of policies, schemas and requests with the right answers, and what disagrees with it.

7,809 cases with 8 requests each, as Cedar's makers publish them (cedar-policy/cedar-integration-tests, Apache-2.0; the
licence lies beside it). Nothing is skipped: a case that cannot be read is a disagreement, too. It is run in two halves,
so that both cores have one.
"""

import gzip
import io
import json
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import cedarpy

ARCHIVE = Path(__file__).with_name("cedar_corpus_tests.tar.gz")


@dataclass
class Found:
    """What a run found: how much was held against the corpus, and by name what disagreed."""

    counts: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)


def run(digits: str) -> Found:
    """Hold all cases whose name begins with one of these digits against the engine."""
    found = Found()
    files = _files(digits)
    for name in sorted(name for name in files if name.count(".") == 1 and name.endswith(".json")):
        case = name.removesuffix(".json")
        found.counts["cases"] += 1
        try:
            _case(case, files, found)
        except Exception as error:  # noqa: BLE001 (whatever a case does, it is named)
            found.disagreements.append(f"{case}: {type(error).__name__}: {error}")
    return found


def _files(digits: str) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(ARCHIVE.read_bytes()))) as archive:
        named = ((member, member.name.rpartition("/")[2]) for member in archive if member.isfile())
        return {name: archive.extractfile(member).read().decode() for member, name in named if name[0] in digits}  # type: ignore[union-attr]


def _case(case: str, files: dict[str, str], found: Found) -> None:
    told: dict[str, Any] = json.loads(files[f"{case}.json"])
    policies, schema = files[f"{case}.cedar"], files[f"{case}.cedarschema"]
    if _is_valid(policies, schema) != told["shouldValidate"]:
        found.disagreements.append(f"{case}: validation")
    requests = told["requests"]
    asked = [{name: r[name] for name in ("principal", "action", "resource", "context")} for r in requests]
    entities = cedarpy.Entities.from_json_str(files[f"{case}.entities.json"], _schema(schema))
    assert all(r["validateRequest"] for r in requests)
    answers = cedarpy.is_authorized_batch(asked, _policies(policies), entities, _schema(schema))
    for request, answer in zip(requests, answers, strict=True):
        found.counts["requests"] += 1
        expected = (request["decision"], sorted(request["reason"]), len(request["errors"]))
        got = (answer.decision.value.lower(), sorted(answer.diagnostics.reasons), len(answer.diagnostics.errors))
        if expected != got:
            found.disagreements.append(f"{case}: {request['description']}: expected {expected}, got {got}")


@cache
def _schema(text: str) -> cedarpy.Schema:
    return cedarpy.Schema.from_str(text)


@cache
def _policies(text: str) -> cedarpy.PolicySet:
    return cedarpy.PolicySet.from_str(text)


@cache
def _is_valid(policies: str, schema: str) -> bool:
    return bool(cedarpy.validate_policies(policies, _schema(schema)).validation_passed)
