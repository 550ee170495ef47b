"""What a decision costs by ten policies and by a thousand, over a hundred clients.

Prints one JSON object: mean, p50 and p99 in microseconds of deciding one call in process, for the policies that come with
Cadre alone, with 10 of a firm's own for one client and with 1,000 for a hundred, each for one client and action; how long loading and
looking for dead rules takes; and the same thousand without slicing. Engines take turns, so that a busy machine troubles
all alike.

    .venv/bin/python benchmarks/policy.py --json
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import cedarpy

from cadre.governance.case import PLAIN
from cadre.governance.decision import Inputs, decided
from cadre.governance.situation import Limits
from cadre.policy.agents import EFFECTS, KINDS, VOCABULARY, agents_engine
from cadre.policy.engine import Engine
from cadre.policy.reach import dead_rules
from cadre.policy.source import File

CLIENTS = 100
EACH = 10
ROUNDS = 30
CALLS = 100


def own(count: int) -> File:
    """Policies of a firm: each raises one effect at one client by hour and reach."""
    rules = (
        f'@id("own{n}") @rule("Own rule {n}") @tier("approve")\n'
        f'forbid (principal, action == Cadre::Action::"{EFFECTS[n % EACH]}",'
        f' resource == Cadre::Client::"client{n // EACH}")\n'
        f"when {{ context.hour < {n % 23 + 1} && context.blast_radius > {n % 3 + 1} }};"
        for n in range(count)
    )
    return File("own.cedar", "\n".join(rules))


def measured(engines: dict[str, tuple[int, Callable[[Inputs], object]]]) -> dict[str, dict[str, float]]:
    """Microseconds a decision, by engine; they take turns."""
    facts = {**PLAIN, "effects": ("change",), "tier": 1, "limits": Limits().facts()}
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for nth in range(ROUNDS + 1):
        for name, (clients, decide) in engines.items():
            for n in range(CALLS):
                call = Inputs("agent", f"client{n % clients}", ("change",), facts, "notify", (), "enforce")
                begun = time.perf_counter()
                decide(call)
                if nth:  # the first round makes the slices
                    times[name].append((time.perf_counter() - begun) * 1e6)
    return {name: _told(some) for name, some in times.items()}


def _told(some: list[float]) -> dict[str, float]:
    ordered = sorted(some)
    return {"mean_us": round(statistics.fmean(some), 1), "p50_us": round(ordered[len(some) // 2], 1),
            "p99_us": round(ordered[int(len(some) * 0.99)], 1)}  # fmt: skip


def _sliced(engine: Engine) -> Callable[[Inputs], object]:
    return lambda call: decided(call, engine, digest="x", model="x")


def _whole(engine: Engine) -> Callable[[Inputs], object]:
    """The same policies asked all at once with all facts, as without slicing."""
    handle = cedarpy.PolicySet.from_str("\n".join(s.text for s in engine.statements))
    entities = cedarpy.Entities.from_json_str("[]")

    def decide(call: Inputs) -> object:
        return cedarpy.is_authorized(
            {"principal": {"type": KINDS.principal, "id": call.agent},
             "action": {"type": "Cadre::Action", "id": call.effects[0]},
             "resource": {"type": KINDS.resource, "id": call.client}, "context": dict(call.facts)},
            handle, entities,
        )  # fmt: skip

    return decide


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, as it always does")
    parser.parse_args()
    told: dict[str, Any] = {"clients": CLIENTS, "calls": ROUNDS * CALLS}
    engines: dict[str, tuple[int, Callable[[Inputs], object]]] = {}
    for count in (0, 10, 1000):
        begun = time.perf_counter()
        engine = agents_engine([own(count)] if count else [])
        told[f"load_{count}_s"] = round(time.perf_counter() - begun, 3)
        begun = time.perf_counter()
        dead_rules(engine, VOCABULARY)
        told[f"dead_rules_{count}_s"] = round(time.perf_counter() - begun, 3)
        engines[f"own_{count}"] = (max(1, count // EACH), _sliced(engine))
    engines["own_1000_unsliced"] = (CLIENTS, _whole(engine))
    told["decide"] = measured(engines)
    told["thousand_over_ten"] = round(told["decide"]["own_1000"]["p50_us"] / told["decide"]["own_10"]["p50_us"], 3)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
