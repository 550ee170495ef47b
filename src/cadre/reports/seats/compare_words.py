"""The words of a comparison, the same on the page and the command line."""

from collections.abc import Mapping, Sequence

from cadre.reports.seats.compare import Line


def line_text(line: Line, names: Mapping[str, str]) -> str:
    """Who stands above whom in one competency, or that it cannot be told."""
    if not line.can_be_told:
        return "too little was seen to compare"
    if not line.apart:
        return "cannot be told apart"
    return "; ".join(f"{names[a]} above {names[b]} ({hundred(chance)})" for a, b, chance in line.apart)


def order_text(order: Sequence[str], chance: float, names: Mapping[str, str]) -> str:
    """An order and how likely it is: `Ada Lind, then Bo Berg: 61 in 100`."""
    return f"{', then '.join(names[who] for who in order)}: {hundred(chance)}"


def hundred(chance: float) -> str:
    """A chance as people say it; never certain."""
    return f"{min(max(round(100 * chance), 1), 99)} in 100"
