"""Facts about the firm that the computation needs: its zone, working week and purpose of the workspace."""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["study", "firm"]


@dataclass(frozen=True, slots=True)
class Firm:
    """The firm a workspace is about.

    Attributes:
        name: As shown on pages.
        zone: IANA zone of its local day.
        purpose: `study` (public or invented data, shown with that word everywhere) or `firm`.
        workdays: Weekdays worked where a person has no schedule, 0 Monday to 6 Sunday.
        start_hour: Local hour the default working day begins.
        end_hour: Local hour it ends.
        holidays: ISO code of the country, or part of one, whose public holidays are days off; empty for none.
        days_off: Further days the firm is closed, as ISO dates.
        window_days: Days an estimate looks back; 0 for the whole record.
        is_invented: Whether its people are the simulator's.
        keep_text_days: Days after which words that were read are dropped; None keeps them.
    """

    name: str = "This firm"
    zone: str = "UTC"
    purpose: Purpose = "study"
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    start_hour: float = 8.0
    end_hour: float = 18.0
    holidays: str = ""
    days_off: tuple[str, ...] = ()
    window_days: int = 182
    is_invented: bool = False
    keep_text_days: int | None = None
