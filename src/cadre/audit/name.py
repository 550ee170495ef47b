"""Names of events, `subject:action`; the registry from which the reference is written. An unknown name is refused.

One row a name. Whoever adds a service adds its names here, and records the event in the same unit of work as the change.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventName:
    """A name of an event.

    Attributes:
        name: `subject:action`, the action in the past.
        meaning: What happened.
    """

    name: str
    meaning: str


EVENT_NAMES: tuple[EventName, ...] = (
    EventName("log:started", "The log began; what was decided earlier stands in the other tables alone"),
    EventName("log:checked", "A check of the whole log found something wrong, or the first one after it found nothing"),
    EventName("key:rotated", "Another key signs checkpoints from here on"),
    EventName("bundle:exported", "A client was given its rows with their proofs"),
    EventName("payload:erased", "Contents of earlier events were erased"),
    EventName("witness:added", "Somebody outside was asked to cosign checkpoints"),
    EventName("witness:removed", "Somebody outside no longer cosigns checkpoints"),
    EventName("account:invited", "Somebody was given a link with which an account is made"),
    EventName("account:made", "A link was used and an account made"),
    EventName("account:link_made", "Somebody was given a link for a new password"),
    EventName("account:link_revoked", "A link was taken back before it was used"),
    EventName("account:password_changed", "An account has a new password"),
    EventName("account:role_changed", "An account has another role"),
    EventName("account:person_linked", "Who on the staff an account is was said anew"),
    EventName("account:deactivated", "An account was switched off"),
    EventName("account:reactivated", "An account was switched on again"),
    EventName("session:begun", "Somebody signed in"),
    EventName("session:refused", "A name and a password did not fit an account"),
    EventName("session:ended", "Somebody signed out, or ended a session of their own"),
    EventName("token:made", "Somebody made a token for a program"),
    EventName("token:ended", "Somebody ended a token of their own"),
    EventName("notice:published", "A version of the notice to people holds from here on"),
    EventName("notice:delivered", "A person got the notice on their own page"),
    EventName("notice:confirmed", "A person confirmed the notice, on their page or on paper"),
    EventName("person:opened", "Somebody was shown something about a person"),
    EventName("person:erased", "A person was erased"),
    EventName("review:submitted", "A blind review was finished"),
    EventName("contest:raised", "A person contested a row about themselves"),
    EventName("contest:answered", "A contest was answered"),
    EventName("seeking:stated", "A person said whether they seek a lead role"),
    EventName("help:stated", "A person said that they helped a colleague"),
    EventName("help:answered", "The colleague said whether it was so"),
    EventName("fairness:audited", "A fairness audit was recorded"),
    EventName("seat:opened", "A lead seat was described"),
    EventName("seat:decided", "It was decided who takes a seat, or that nobody does"),
    EventName("seat:priced", "What a failure in a seat would cost was entered"),
    EventName("outcome:asked", "A team was given its questions about a lead"),
    EventName("outcome:recorded", "How a lead turned out was recorded"),
    EventName("agenda:decided", "A matter of the week was snoozed, assigned, done or reopened"),
    EventName("identity:decided", "It was decided whose an account of the record is"),
    EventName("action:allowed", "An agent's call went ahead"),
    EventName("action:asked", "An agent's call waits for somebody to say yes"),
    EventName("action:denied", "An agent's call was refused"),
    EventName("action:reported", "Something was told of what became of an agent's call"),
    EventName("approval:answered", "Somebody said yes or no to an agent's call"),
    EventName("approval:used", "An agent's call ran with an approval, which is used up"),
    EventName("approval:lapsed", "Nobody said yes in time, which refuses"),
    EventName("glass:broken", "Somebody on call let an agent's call through alone"),
    EventName("glass:reviewed", "Somebody else looked at what was let through alone"),
    EventName("webhook:failed", "A message to approvers could not be delivered"),
    EventName("machine:registered", "It was decided that a machine may exist"),
    EventName("machine:changed", "A machine has another owner or another last day"),
    EventName("machine:secret_made", "A machine was given a new secret"),
    EventName("machine:revoked", "A machine's secrets and tokens were ended"),
    EventName("machine:retired", "A machine was ended for good"),
    EventName("machine:signed_in", "A machine was given a token for its secret"),
    EventName("tool:checked", "What is known of an AI tool was written down"),
    EventName("governance:set", "A mode, limit, freeze, switch or row of the catalogue was set"),
)
"""In the order of the modules they come from."""

_KNOWN = frozenset(each.name for each in EVENT_NAMES)


def is_known(name: str) -> bool:
    """Whether the registry has a name."""
    return name in _KNOWN
