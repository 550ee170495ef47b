"""The words in which governance speaks of a machine's act: tool, call, what it does, its tier, and the judgement.

Keeps true: values only, none of them changed after it was made; a digest covers all that a server says of a tool, so
that what was derived from it can be kept by it. Lines of text become actions in `reading`; what an act means is said by
`nature`, `provenance` and `tier`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any


class Effect(StrEnum):
    """A kind of thing that a call may do; a call has one or several."""

    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    SEND = "send"
    PUBLISH = "publish"
    EXECUTE = "execute"
    GRANT = "grant"
    CREDENTIAL = "credential"
    PAY = "pay"
    DESTROY = "destroy"
    PROTECT = "protect"
    UNPROTECT = "unprotect"


class Source(StrEnum):
    """Where the value of an argument comes from, the most trusted first."""

    REQUEST = "request"
    DEFAULT = "default"
    RECORD = "record"
    OUTPUT = "output"
    UNSAID = "unsaid"


class Blast(IntEnum):
    """How many things one call touches."""

    ONE = 1
    SEVERAL = 2
    MANY = 3
    ALL = 4


class Tier(IntEnum):
    """Who has a say before an act: nobody, nobody but somebody is told, one approver, two, or it is not done at all."""

    AUTONOMOUS = 0
    NOTIFY = 1
    APPROVE = 2
    FOUR_EYES = 3
    FORBIDDEN = 4

    @property
    def text(self) -> str:
        """The tier as it is written in files and answers, such as `four-eyes`."""
        return _TEXTS[self]

    @classmethod
    def named(cls, text: str) -> "Tier":
        """The tier of a written name.

        Raises:
            ValueError: No tier is called so.
        """
        try:
            return _TIERS[text.lower().replace("_", "-")]
        except KeyError:
            raise ValueError(f"{text!r} is no tier; there are {', '.join(tier.text for tier in cls)}") from None


_TEXTS = {tier: tier.name.lower().replace("_", "-") for tier in Tier}
_TIERS = {text: tier for tier, text in _TEXTS.items()}


class Outcome(StrEnum):
    """What the gate answers."""

    ALLOW = "allow"
    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True)
class Tool:
    """A tool as its server describes it; nothing of it is taken on trust where it would loosen.

    Attributes:
        name: As it is called.
        description: In the server's words; empty where there are none.
        schema: JSON schema of its arguments; empty where it is unknown.
        hints: MCP annotations (`readOnlyHint`, `destructiveHint`, ...); empty where there are none.
    """

    name: str
    description: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that the server says of the tool, as hexadecimal text."""
        told = [self.name, self.description, self.schema, self.hints]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=repr).encode()).hexdigest()


@dataclass(frozen=True)
class Step:
    """A call that was made before in the same task, and what it gave back.

    Attributes:
        tool: Name of the tool.
        arguments: By parameter.
        output: Text, or an object of JSON; None where nothing is known of it.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    output: Any = None


@dataclass(frozen=True)
class Action:
    """A call that an agent wants to make.

    Attributes:
        tool: What it calls.
        arguments: By parameter; values of JSON.
        user_request: What a person asked for in their own words; empty where nobody did or it is not known.
        history: The calls before it in the same task, oldest first.
    """

    tool: Tool
    arguments: Mapping[str, Any] = field(default_factory=dict)
    user_request: str = ""
    history: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Danger:
    """How likely administrators would call an act of this kind dangerous.

    Attributes:
        probability: 0 to 1, by the shipped model; 1 where the tool cannot be read at all.
        version: Of the model.
    """

    probability: float
    version: str


@dataclass(frozen=True, slots=True)
class Nature:
    """What a call does, as far as its tool and arguments tell.

    Attributes:
        verb: The main verb, normalised; empty where none was found.
        object: The main thing it acts on, normalised; empty where none was found.
        effects: What it does; empty where that cannot be told, which is not the same as nothing.
        blast_radius: How many things it touches.
        reversible: Whether it can be taken back; None where that cannot be told.
        data_classes: Kinds of data it touches, such as `credential`, `personal`, `financial`, `security`.
        protective: Whether it makes things safer at once, such as isolating a device.
        sources: Where each argument's value comes from, by parameter; empty where it was not asked.
        danger: The model's estimate.
        reasons: Sentences a person can read.
    """

    verb: str
    object: str
    effects: tuple[Effect, ...]
    blast_radius: Blast
    reversible: bool | None
    data_classes: tuple[str, ...]
    protective: bool
    sources: Mapping[str, Source]
    danger: Danger
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of an action.

    Attributes:
        outcome: Go ahead, ask, or refuse.
        tier: The tier it follows from.
        reasons: Sentences a person can read; never empty.
    """

    outcome: Outcome
    tier: Tier
    reasons: tuple[str, ...]
