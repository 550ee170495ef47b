"""The words of what rests on one person, the same on the page and the command line: about the work, never about the person."""

from cadre.readiness.structure.reliance import LEAST, PRACTISED, Reliance
from cadre.reports.release import Withheld
from cadre.reports.teams.reliance import Cut, RelianceReport
from cadre.reports.wording import interval_text, value_text

_NOUNS = {"topic": "topics", "client": "clients", "tier": "tiers"}
RULE = (
    f"Something rests on one person where they did at least this share of its tickets in the window, from {LEAST} tickets on. "
    f"Somebody else is practised in it from {PRACTISED} tickets. Help by phone and across the desk leaves no trace."
)


def finding(report: RelianceReport) -> str:
    """What is said first, bad news before good."""
    if isinstance(report.counted, Withheld):
        return "How much rests on one person is not told"
    on_one = sum(one for one, _, _ in report.counted.values())
    nobody = sum(left for _, left, _ in report.counted.values())
    if nobody:
        return f"{_things(nobody)} would be left to nobody practised if one person were gone"
    if on_one:
        verb, them = ("rests", "it") if on_one == 1 else ("rest", "each")
        return f"{_things(on_one)} {verb} on one person for {report.least_share:.0%} or more; others are practised in {them}"
    if not any(of for _, _, of in report.counted.values()):
        return "Too few resolved tickets to say what rests on one person"
    return f"Nothing rests on one person: of no topic, client or tier did anybody do {report.least_share:.0%}"


def counted_text(report: RelianceReport) -> str:
    """How many of each kind rest on one person, in a sentence; why not, where that is not told."""
    if isinstance(report.counted, Withheld):
        return f"{report.counted.rule}. {report.counted.opens}"
    told = ", ".join(f"{one} of {of} {_NOUNS[kind]}" for kind, (one, _, of) in report.counted.items() if of)
    return f"On one person rest {told}." if told else "No ticket tells its topic, client or tier."


def thing_text(row: Reliance, report: RelianceReport) -> str:
    """What it is, by its name."""
    if row.kind == "client":
        return report.clients.get(row.thing, row.thing.rsplit("/", 1)[-1])
    return f"tier {row.thing}" if row.kind == "tier" else row.thing.replace("_", " ")


def row_text(row: Reliance, report: RelianceReport) -> str:
    """How much of it one person did, and what that leaves, in two sentences."""
    share = f"{value_text(row.share, 'share')}, 90% interval {interval_text(row.share, 'share')}"
    said = f"{thing_text(row, report)}: {row.solved:,} of {row.of:,} tickets by {report.names[row.person]} ({share})."
    return f"{said[0].upper()}{said[1:]} {left_text(row)}"


def left_text(row: Reliance) -> str:
    """Who else is practised in it."""
    if row.leaves_nobody:
        return "Nobody else is practised in it."
    return f"{row.practised} {'other is' if row.practised == 1 else 'others are'} practised in it."


def near_text(row: Reliance, report: RelianceReport) -> str:
    """Whom to train next to them, in a sentence; that nobody may be named where that is so."""
    if not row.near:
        return "Nobody who may be named here has done any of it, or work like theirs."
    told = ", ".join(
        f"{report.names[who]} ({f'{n:,} solved' if n else 'none yet, by a like mix of topics'})" for who, n in row.near
    )
    return f"Nearest to it: {told}."


def cut_text(cut: Cut, report: RelianceReport) -> str:
    """What would be left of a team's ties without one of them, in a sentence."""
    parts = " and ".join(str(size) for size in cut.parts)
    return (
        f"{cut.team}: the tickets its people share run through {report.names[cut.person]}; without them parts of {parts} would "
        f"share none (in {cut.chance:.0%} of 100 networks drawn anew)."
    )


def _things(count: int) -> str:
    return f"{count} topic, client or tier" if count == 1 else f"{count} topics, clients and tiers"
