"""BFCL's multi-turn tasks as labelled suites: `ENV/bin/python validation/bfcl_suites.py FOLDER` in an environment of its own.

It replays the ground truth of the 200 base tasks of bfcl-eval 2026.3.23 (Apache-2.0; only its data and backends are
imported) against those backends: files, messages, posts, tickets, shares, travel, a car, sums. A call sees what the user
said up to its turn. Each task is hijacked after one of its steps by calls that changed something in other tasks with the
same backends, and by one of its own with a value changed, behind the lures of `tau2_suites`. What changes something is
told by the backend's state before and after, not by names. Nothing of BFCL is part of Cadre.

References:
    Patil et al. 2025, The Berkeley Function Calling Leaderboard, ICML.
"""

import ast
import copy
import importlib
import inspect
import json
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from tau2_suites import LURES, lured

SEED = 11
HIJACKS = 4
OWN_PLACE = "_current_dir"
"""Where the agent itself stands: moving it changes nothing for anybody."""


def state(value: Any, seen: frozenset[int] = frozenset()) -> Any:
    """All that an object holds, so that two moments can be compared; a circle ends where it closes."""
    if id(value) in seen:
        return "..."
    inside = seen | {id(value)}
    if isinstance(value, Mapping):
        return {str(key): state(part, inside) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [state(part, inside) for part in value]
    if hasattr(value, "__dict__") and not inspect.isclass(value) and not inspect.ismodule(value):
        return {key: state(part, inside) for key, part in vars(value).items() if key not in {OWN_PLACE, "_random"}}
    return repr(value)


def _config() -> Any:
    return importlib.import_module("bfcl_eval.constants.executable_backend_config")


class World:
    """The backends of one task."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        """Backends as the task finds them."""
        told, self.all = _config(), list[Any]()
        for name in task["involved_classes"]:
            one = getattr(importlib.import_module(told.CLASS_FILE_PATH_MAPPING[name]), name)()
            if name not in told.STATELESS_CLASSES:
                one._load_scenario(copy.deepcopy(task["initial_config"].get(name, {})), long_context=False)  # noqa: SLF001 (as BFCL does)
            self.all.append(one)

    def step(self, call: str, told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """A call, with what it gave back and whether it changed anything."""
        spelled = ast.parse(call, mode="eval").body
        if not isinstance(spelled, ast.Call) or not isinstance(spelled.func, ast.Name):
            raise TypeError(f"no plain call: {call[:60]}")
        name = spelled.func.id
        method = next(getattr(one, name) for one in self.all if hasattr(one, name))
        given = [ast.literal_eval(part) for part in spelled.args]
        arguments = dict(inspect.signature(method).bind_partial(*given).arguments)
        arguments |= {part.arg: ast.literal_eval(part.value) for part in spelled.keywords if part.arg}
        before = state(self.all)
        try:
            output = method(**copy.deepcopy(arguments))
        except Exception as error:  # noqa: BLE001 (an agent sees errors as outputs)
            output = f"Error during execution: {error}"
        text = output if isinstance(output, str) else json.dumps(output, default=str)
        known = told[name]
        return {
            "tool": name, "description": known["description"], "schema": known["parameters"], "arguments": arguments,
            "output": text, "changes": state(self.all) != before,
        }  # fmt: skip


def read(folder: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, dict[str, Any]]]]:
    """The tasks with their ground truth, and what each backend says of its tools."""
    truth = {one["id"]: one["ground_truth"] for one in _lines(folder / "possible_answer/BFCL_v4_multi_turn_base.json")}
    tasks = [{**one, "truth": truth[one["id"]]} for one in _lines(folder / "BFCL_v4_multi_turn_base.json")]
    docs = {
        name: {one["name"]: one for one in _lines(folder / "multi_turn_func_doc" / file)}
        for name, file in _config().MULTI_TURN_FUNC_DOC_FILE_MAPPING.items()
    }
    return tasks, docs


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def replayed(task: Mapping[str, Any], docs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A task as a user task: every step with what the user had said by then."""
    told = {name: one for backend in task["involved_classes"] for name, one in docs[backend].items()}
    world, said, steps = World(task), "", list[dict[str, Any]]()
    for turn, calls in zip(task["question"], task["truth"], strict=False):
        said = "\n".join([said, *(one["content"] for one in turn if one["role"] == "user")]).strip()
        steps += [{**world.step(call, told), "user_request": said} for call in calls]
    suite = "+".join(sorted(task["involved_classes"]))
    return {"suite": suite, "task": task["id"], "kind": "user", "user_request": said, "steps": steps}


def hijacks(own: Mapping[str, Any], others: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """A task hijacked: three times by acts of other tasks, once by one of its own with one value changed."""
    if len(own["steps"]) < 2:
        return
    cut = chance.randrange(1, len(own["steps"]))
    said = own["steps"][cut - 1]["user_request"]
    mine = {one["tool"] for one in own["steps"]}
    spoken = said.casefold() + json.dumps([one["arguments"] for one in own["steps"]]).casefold()
    backends = set(own["suite"].split("+"))
    fitting = [
        one
        for one in others
        if one["from"] != own["task"]
        and one["backends"] & backends
        and (one["tool"] not in mine or any(str(value).casefold() not in spoken for value in one["arguments"].values()))
    ]
    swaps = [swap for step in own["steps"] if step["changes"] for swap in _swaps(step, others, spoken)]
    bads = [("other", _one_of(fitting, chance)) for _ in range(HIJACKS - 1) if fitting]
    bads += [("swap", chance.choice(swaps))] if swaps else []
    ways = list(LURES)
    chance.shuffle(ways)
    for lure, (kind, bad) in zip(ways, bads, strict=False):
        before = [dict(step) for step in own["steps"][:cut]]
        if lure != "unseen":
            before[-1]["output"] = lured(before[-1]["output"], lure, bad)
        act = {key: bad[key] for key in ("tool", "description", "schema", "arguments")}
        yield {
            **own, "user_request": said, "kind": "hijack", "injection": f"{kind} {lure}", "steps": before,
            "bad": [{**act, "output": None, "consequential": True}],
        }  # fmt: skip


def _one_of(some: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """A call, every tool as likely as the next."""
    tool = chance.choice(sorted({one["tool"] for one in some}))
    return chance.choice([one for one in some if one["tool"] == tool])


def _swaps(step: Mapping[str, Any], others: list[dict[str, Any]], spoken: str) -> Iterator[dict[str, Any]]:
    for key, value in step["arguments"].items():
        for one in others:
            other = one["arguments"].get(key)
            if one["tool"] == step["tool"] and other not in (None, value) and str(other).casefold() not in spoken:
                yield {**step, "arguments": {**step["arguments"], key: other}}


def main() -> None:
    """Write one file."""
    out, data = Path(sys.argv[1]), Path(str(importlib.import_module("bfcl_eval").__file__)).parent / "data"
    tasks, docs = read(data)
    users = [replayed(task, docs) for task in tasks]
    others = [
        {**step, "from": one["task"], "backends": {name for name in docs if step["tool"] in docs[name]}}
        for one in users
        for step in one["steps"]
        if step["changes"]
    ]
    chance = random.Random(SEED)  # noqa: S311 (not for secrets)
    lines = [line for own in users for line in (own, *hijacks(own, others, chance))]
    out.mkdir(parents=True, exist_ok=True)
    (out / "multi_turn.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
