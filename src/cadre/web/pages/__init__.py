"""The pages, one a file; `PAGES` is the registry."""

from cadre.web.pages import (
    account,
    accounts,
    contest,
    coverage,
    evidence,
    flags,
    invite,
    me,
    network,
    notice,
    people,
    person,
    record,
    review,
    row,
    seat,
    selection,
    sign_in,
    signal,
    style,
    team,
    theme,
    week,
)
from cadre.web.pages.page import Page

PAGES: tuple[Page, ...] = (
    week.PAGE,
    people.PAGE,
    person.PAGE,
    evidence.PAGE,
    flags.PAGE,
    selection.PAGE,
    seat.PAGE,
    team.PAGE,
    network.PAGE,
    signal.PAGE,
    coverage.PAGE,
    record.PAGE,
    row.PAGE,
    me.PAGE,
    notice.PAGE,
    contest.PAGE,
    review.PAGE,
    sign_in.PAGE,
    invite.PAGE,
    account.PAGE,
    accounts.PAGE,
    style.PAGE,
    theme.PAGE,
)
NAV: tuple[tuple[str, str], ...] = tuple((page.path, page.label) for page in PAGES if page.label)

__all__ = ["NAV", "PAGES", "Page"]
