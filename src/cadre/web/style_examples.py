"""Invented values for the style page, one for each component that needs some; nobody's, and nothing of the record's."""

from datetime import UTC, date, datetime

from cadre.estimate import Abstained, Estimate
from cadre.reports.agents.called import Called
from cadre.reports.agents.governing import Setting
from cadre.reports.release import Withheld
from cadre.reports.signals.flags import FlagSignal, ShownFlag
from cadre.reports.signals.signals import Spread, cards
from cadre.reports.signals.trend import Month
from cadre.reports.week.agenda import AgendaItem
from cadre.web.charts import Scale
from cadre.web.matrix import Groups

SPREAD = Spread(low=0.35, middle=0.58, high=0.8, least=0.2, most=0.95, people=28, thin=3)
SCALE = Scale(0.0, 1.0, "share", (0.0, 0.25, 0.5, 0.75, 1.0))
SEEN = Estimate(0.86, 0.78, 0.92, 0.9, 74)
BEHIND = Estimate(0.31, 0.22, 0.42, 0.9, 58)
MEASURED = (
    ("Clearly better", SEEN),
    ("Probably better", Estimate(0.68, 0.52, 0.82, 0.9, 31)),
    ("Cannot tell yet", Estimate(0.56, 0.38, 0.74, 0.9, 22)),
    ("Clearly behind", BEHIND),
    ("Thin evidence", Abstained("not enough evidence", 4, 20)),
)
VALUES = (0.24, 0.31, 0.4, 0.44, 0.52, 0.55, 0.58, 0.61, 0.63, 0.7, 0.74, 0.78, 0.86)
ITEM = AgendaItem(
    kind="stale",
    key="style:example",
    happened="The ticket system has told nothing since 3 April 2026, 18 days behind",
    matters="Work done there since then counts for nobody.",
    rows="/record#sources",
    row_count=1,
    minutes=5,
    action="Export it again and load it",
    weight=50,
)
CARD = next(card for card in cards() if card.name == "peer_answer_share")
MONTHS = tuple(
    Month(date(2026, number, 1), value, value - 0.12, value + 0.1, 12 + number)
    for number, value in enumerate((0.62, 0.7, 0.66, 0.81, 0.86), start=1)
)
FINDING = {
    "card": CARD,
    "sentence": "Answered 64 of 74 colleagues' questions.",
    "compared": "clearly above the firm's middle of 58%",
    "measured": SEEN,
    "spread": SPREAD,
    "months": MONTHS,
}
FLAGS = tuple(
    ShownFlag(kind, "example", label, framework, since, 0.001, 0.02,
              (FlagSignal(CARD, "Answered 18 of 58 colleagues' questions.", BEHIND, 0.58, 9, is_beyond=True),))
    for kind, label, framework, since in (
        ("red_flag", "Questions of colleagues stay without an answer", "Communication gaps", None),
        ("change", "Answers fewer questions than before", "", date(2026, 3, 2)),
    )
)  # fmt: skip
WITHHELD = Withheld("Numbers about persons stay closed here", "They open after notice.")
HELD = {"withheld": None, "held": [{"people": 3, "why": WITHHELD}, {"people": 1, "why": WITHHELD}]}
STEPS = {
    "questions": (("example", "Asks those who know before deciding"),),
    "steps": ("never", "rarely", "sometimes", "often", "always"),
    "unseen": "have not seen it",
}
NOTICE = (
    ("h1", ("What we look at",)),
    ("p", ("Written work and its dates, and nothing else.",)),
    ("h2", ("Your rights",)),
    ("ul", ("You see all that is shown about you.", "You can say that a row is wrong.")),
)
GROUPS: Groups = (("Service desk", (("a", "First"), ("b", "Second"), ("c", "Third"))), ("Projects", (("d", "Fourth"),)))
TIMES = {("a", "b"): 12, ("b", "a"): 3, ("c", "a"): 1, ("d", "a"): 6, ("b", "d"): 2}
SET = Setting("mode", "example", "", "", "observe", "account:1", datetime(2026, 5, 4, 9, tzinfo=UTC), "First month")
RULES = {
    "one": SET,
    "names": Called({"example": "Example agent"}, {"example": "Example client"}, {"account:1": "Somebody"}),
    "just": {"setting": SET, "is_free": True},
    "may_undo": lambda just: just["is_free"],
    "changed": lambda just: f"{just['setting'].reason}: an agent is only observed",
}
SWEEP = ((4, 0.4), (8, 0.62), (12, 0.9), (16, 0.83), (20, 0.95), (24, 1.0))
EXAMPLES = {
    "spread": SPREAD, "scale": SCALE, "measured": MEASURED, "values": VALUES, "item": ITEM, "finding": FINDING,
    "card": CARD, "flags": FLAGS, "withheld_example": WITHHELD, "held": HELD, "steps": STEPS, "notice": NOTICE,
    "groups": GROUPS, "times": TIMES, "sweep": SWEEP, "rules": RULES,
}  # fmt: skip
