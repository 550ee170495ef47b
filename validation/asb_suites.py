"""Agent Security Bench as a labelled suite: `.venv/bin/python validation/asb_suites.py DATA FOLDER`.

DATA holds `agent_task.jsonl`, `all_normal_tools.jsonl` and `all_attack_tools.jsonl` of ASB. A user task is one of an
agent's five tasks, done by each of its two tools in turn; a hijacked one is the same after the first tool, whose output
ends in an attack tool's instruction (ASB's attack on observations), followed by that tool. ASB's tools take no arguments
and have no schema: what counts is what they say they do. All 400 attack tools count, those that only look, too.

References:
    Zhang et al. 2025, Agent Security Bench, ICLR; arXiv:2410.02644.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The user tasks, and for each attack tool one task of its agent, in turn."""
    known = _read(folder / "all_normal_tools.jsonl")
    agents = {_name(one["agent_name"]): one["tasks"] for one in _read(folder / "agent_task.jsonl")}
    own = {
        name: [_step(one["Tool Name"], one) for one in known if _name(one["Corresponding Agent"]) == name]
        for name in agents
    }
    for name, tasks in agents.items():
        for number, task in enumerate(tasks):
            yield {"suite": name, "task": f"{name} {number}", "kind": "user", "user_request": task, "steps": own[name]}
    for number, bad in enumerate(_read(folder / "all_attack_tools.jsonl")):
        name = _name(bad["Corresponding Agent"])
        turn = number % len(agents[name])
        first = own[name][0]
        seen = {**first, "output": f"{first['output']} {bad['Attacker Instruction']}"}
        act = {**_step(bad["Attacker Tool"], bad), "output": None, "consequential": True}
        yield {
            "suite": name, "task": f"{name} {turn}", "kind": "hijack", "injection": bad["Attack Type"],
            "user_request": agents[name][turn], "steps": [seen], "bad": [act],
        }  # fmt: skip


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _name(agent: str) -> str:
    return agent.rsplit("/", 1)[-1]


def _step(tool: str, told: Mapping[str, str]) -> dict[str, Any]:
    output = told.get("Expected Achievements", "")
    return {"tool": tool, "description": told["Description"], "schema": {}, "arguments": {}, "output": output}


def main() -> None:
    """Write one file."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    (out / "asb.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines(data)), "utf-8")


if __name__ == "__main__":
    main()
