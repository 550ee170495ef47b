"""The peer of `decide.py`: agent-governance-toolkit's kernel deciding the same calls in process, its audit in memory.

Runs in an environment of its own that has `agent-os-kernel` (and PyYAML, which it needs and does not name). Ten rules that
look at the tool's name, as its own examples have them, and an allow where nothing matches.
"""

import contextlib
import importlib
import io
import json
import sys
import time


def main() -> None:
    """Measure and print one object."""
    seconds = float(sys.argv[1])
    with contextlib.redirect_stdout(io.StringIO()):
        schema = importlib.import_module("agent_os.policies.schema")
        evaluator = importlib.import_module("agent_os.policies.evaluator")
        version = importlib.import_module("importlib.metadata").version("agent-os-kernel")
    rules = [
        schema.PolicyRule(
            name=f"rule{n}", priority=n, action=schema.PolicyAction.DENY,
            condition=schema.PolicyCondition(field="tool_name", operator=schema.PolicyOperator.EQ, value=f"tool{n}"),
        )
        for n in range(10)
    ]  # fmt: skip
    document = schema.PolicyDocument(name="ten", version="1.0", rules=rules)
    engine = evaluator.PolicyEvaluator(policies=[document])
    log: list[object] = []
    waits, began, cpu = [], time.perf_counter(), time.process_time()
    while time.perf_counter() < began + seconds:
        at = time.perf_counter()
        found = engine.evaluate({"tool_name": "get_ticket", "agent_id": "bot", "arguments": {"ticket_id": "T-1"}})
        log.append(found.audit_entry)
        waits.append(time.perf_counter() - at)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    waits.sort()
    told = {
        "version": version, "durable": False, "per_second": round(len(waits) / took),
        "cpu_us": round(1e6 * used / len(waits), 1), "mean_ms": round(1e3 * sum(waits) / len(waits), 4),
        "p50_ms": round(1e3 * waits[len(waits) // 2], 4), "p99_ms": round(1e3 * waits[len(waits) * 99 // 100], 4),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
