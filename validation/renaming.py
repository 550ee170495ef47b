"""The same suite under other names: tools and parameters by synonyms, or by names that mean nothing.

Keeps true: values, outputs and what is asked stay as they are; a tool keeps one new name through all tasks. Synonyms
replace words of names and descriptions by others of like meaning; `meaningless` leaves descriptions alone, since a tool
of which nothing is said at all is asked about anyway. `decoys` names nothing anew: it hides planted records among fields.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from cadre.governance.words import pieces

RENAMINGS = ("camel", "synonyms", "meaningless", "bare")
_OTHER = {
    "get": "fetch", "send": "dispatch", "read": "view", "search": "find", "create": "make", "delete": "erase",
    "update": "modify", "add": "include", "remove": "drop", "list": "enumerate", "schedule": "arrange", "post": "publish",
    "share": "distribute", "reserve": "book", "cancel": "call_off", "invite": "ask_in", "append": "attach",
    "reschedule": "shift", "money": "funds", "transaction": "transfer", "transactions": "transfers", "recipient": "payee",
    "recipients": "addressees", "email": "mail", "emails": "mails", "file": "document", "files": "documents",
    "user": "person", "users": "people", "channel": "room", "channels": "rooms", "message": "note", "messages": "notes",
    "body": "text", "subject": "headline", "password": "passphrase", "webpage": "site", "url": "link",
    "event": "appointment", "participants": "attendees", "amount": "sum", "id": "ref", "hotel": "lodging",
}  # fmt: skip


def renamed(task: Mapping[str, Any], how: str) -> dict[str, Any]:
    """A task whose tools and parameters carry other names.

    Args:
        task: A line of a labelled suite.
        how: `camel` writes names in other letters, `synonyms` in other words; `meaningless` takes names away and
            `bare` descriptions with them; `decoys` adds fields to a record that was planted in the last output.
    """
    if how == "decoys":
        return _decoyed(task)
    out = dict(task)
    for which in ("steps", "bad"):
        if which in task:
            out[which] = [_step(step, how) for step in task[which]]
    return out


_DECOYS = {"status_code": "confirmed 7", "created_at": "2024-05-01T10:00", "handled_by": "desk 4", "ref_no": "N-10422"}


def _decoyed(task: Mapping[str, Any]) -> dict[str, Any]:
    """A hijacked task whose planted record, as the converters plant one, has fields beside the call's values."""
    if not str(task.get("injection", "")).endswith("record") or not task["steps"]:
        return dict(task)
    last = task["steps"][-1]
    try:
        told = json.loads(last["output"])
    except ValueError:
        return dict(task)
    if isinstance(told, list) and told and isinstance(told[-1], Mapping):
        told = [*told[:-1], {**told[-1], **_DECOYS}]
    elif isinstance(told, Mapping) and isinstance(told.get("related"), Mapping):
        told = {**told, "related": {**told["related"], **_DECOYS}}
    return {**task, "steps": [*task["steps"][:-1], {**last, "output": json.dumps(told)}]}


def _step(step: Mapping[str, Any], how: str) -> dict[str, Any]:
    schema = dict(step.get("schema") or {})
    said = step.get("description", "")
    if isinstance(schema.get("properties"), Mapping):
        schema["properties"] = {
            _name(key, how): _told(part, how) for key, part in schema["properties"].items()
        }  # fmt: skip
    if "required" in schema:
        schema["required"] = [_name(key, how) for key in schema["required"]]
    schema.pop("title", None)
    return {
        **step,
        "tool": _name(step["tool"], how),
        "description": _sentence(said) if how == "synonyms" else "" if how == "bare" else said,
        "schema": schema,
        "arguments": {_name(key, how): value for key, value in step.get("arguments", {}).items()},
    }


def _told(part: Any, how: str) -> Any:
    if not isinstance(part, Mapping):
        return part
    out = {key: value for key, value in part.items() if key != "title"}
    if how == "bare":
        out.pop("description", None)
    elif how == "synonyms" and isinstance(out.get("description"), str):
        out["description"] = _sentence(out["description"])
    return out


def _name(name: str, how: str) -> str:
    some = pieces(name) or (name,)
    if how == "camel":
        return some[0] + "".join(part.capitalize() for part in some[1:])
    if how == "synonyms":
        return "_".join(_OTHER.get(part, part) for part in some)
    return "x" + hashlib.sha256(name.encode()).hexdigest()[:6]


def _sentence(text: str) -> str:
    def other(found: re.Match[str]) -> str:
        word = found.group()
        low = word.lower()
        for form in (low, low.removesuffix("s"), low.removesuffix("es")):
            if form in _OTHER:
                return _OTHER[form].replace("_", " ") + ("s" if low != form else "")
        return word

    return re.sub(r"[A-Za-z]+", other, text)
