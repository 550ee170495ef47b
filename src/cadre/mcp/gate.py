"""The gate as the gateway asks it: decide, how it stands, use an approval, tell what became of it. Two make it up.

Keeps true: both answer only what is on record, and whatever cannot be asked refuses.
"""

from dataclasses import dataclass
from typing import Protocol

from cadre.errors import CadreError
from cadre.governance.action import Action, Outcome
from cadre.governance.outcome import Told
from cadre.runtime import Runtime
from cadre.services.agents.decide import Answer, Caller
from cadre.services.agents.enforce import standing_of, use_decision
from cadre.services.agents.report_outcome import Word, report_outcome


@dataclass(frozen=True, slots=True)
class Stands:
    """How a decision that asked stands.

    Attributes:
        approval: pending, approved, refused, expired or used; empty where nobody was asked.
        answered_by: Keys of who answered.
        reason: In the words of who refused; empty where they are not known.
    """

    approval: str
    answered_by: tuple[str, ...] = ()
    reason: str = ""


class Gate(Protocol):
    """Decides about calls; called from many threads."""

    def decide(self, caller: Caller, action: Action) -> Answer:
        """Decide; never raises."""
        ...

    def stands(self, agent: str, decision_id: str) -> Stands:
        """How a decision stands.

        Raises:
            CadreError: It cannot be told.
        """
        ...

    def is_free(self, caller: Caller, action: Action) -> bool:
        """Whether nobody would be asked any more, by what governs now; no where that cannot be told. Records nothing."""
        ...

    def use(self, caller: Caller, action: Action, decision_id: str) -> Answer:
        """Use its approval up, once, for exactly this call.

        Raises:
            CadreError: It may not run.
        """
        ...

    def outcome(self, agent: str, decision_id: str, told: Told) -> None:
        """Tell what became of it.

        Raises:
            CadreError: It could not be written down.
        """
        ...


class OwnGate:
    """The gate of a workspace, in this process.

    Args:
        runtime: The workspace.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def decide(self, caller: Caller, action: Action) -> Answer:
        """Decide; answered when it is on disk."""
        return self._runtime.governor.decide(caller, action)

    def stands(self, agent: str, decision_id: str) -> Stands:
        """How a decision stands now."""
        found = standing_of(self._runtime.work(), self._runtime.clock, agent, decision_id)
        if found.approval is None or found.state is None:
            return Stands("")
        said = found.approval.answers
        no = next((one.reason for one in said if not one.is_yes), "")
        return Stands(found.state.value, tuple(one.approver for one in said), no)

    def is_free(self, caller: Caller, action: Action) -> bool:
        """Whether nobody would be asked any more."""
        found, _ = self._runtime.governor.judged(caller, action, self._runtime.clock.now())
        return found.outcome is Outcome.ALLOW

    def use(self, caller: Caller, action: Action, decision_id: str) -> Answer:
        """Use its approval up."""
        one = self._runtime
        return use_decision(one.work(), one.steady, one.governor, caller, action, decision_id)

    def outcome(self, agent: str, decision_id: str, told: Told) -> None:
        """Tell what became of it."""
        report_outcome(agent, self._runtime.work(), self._runtime.clock, decision_id, Word(told))


class NoGateError(CadreError):
    """The gate cannot be reached or does not answer as it should; nothing goes ahead."""

    status = 503
