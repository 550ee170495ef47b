"""The firm before the first day: people, teams, clients, accounts and who works when.

Keeps true: names, clients and addresses are invented (`.example` domains); a firm is a pure function of world, seed,
size and period. Leads are chosen by the world's promotion rule, mostly by craft; whether a promotion turns out well
depends on leading alone, except for the one disaster. Rows are written by `roster_rows`.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cadre.simulator.dice import Dice, logistic
from cadre.simulator.grammar import invented_name, phrases
from cadre.simulator.sections import TeamPlan
from cadre.simulator.traits import Planted, planted
from cadre.simulator.worktime import HOUR, WorkTime, days_between, local_midnight, months_before
from cadre.simulator.world import World

HORIZON_DAYS = 90
"""Working time is laid out this far past the last day, so that what ends later has an instant to end at."""
FIRST_DOUBTFUL = 5
"""Place in the roster from which people have a doubtful account: namesakes and initials in turn."""
DOMAIN = "nordlicht-it.example"


@dataclass(slots=True, eq=False)
class Person:
    """An invented person; traits are as shown by behaviour, not as planted."""

    index: int
    first: str
    last: str
    email: str
    team: int
    is_lead: bool = False
    is_senior: bool = False
    games: bool = False
    partner: int = -1
    started_on: date = date.min
    left_on: date | None = None
    share: float = 1.0
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    shift: tuple[float, float] = (8.0, 16.5)
    leaves: list[tuple[date, date]] = field(default_factory=list)
    promoted_on: date | None = None
    senior_on: date | None = None
    second_language: bool = False
    outcome: bool | None = None
    archetype: str = ""
    work: WorkTime = field(default_factory=lambda: WorkTime({}))
    craft: float = 0.0
    leading: float = 0.0
    helpfulness: float = 0.0
    clarity: float = 0.0
    mentoring: float = 0.0
    composure: float = 0.0
    delegation: float = 0.0
    speed: float = 0.0
    quality: float = 0.0
    depth: float = 0.0
    brevity: float = 0.0

    @property
    def key(self) -> str:
        """Number in the staff roster."""
        return f"E{self.index + 1:05d}"

    @property
    def psa(self) -> str:
        """Login in the ticket system."""
        return f"psa:{self.email.split('@')[0]}"

    @property
    def chat(self) -> str:
        """Member id in the chat."""
        return f"chat:U{self.index + 1:05d}"

    @property
    def name(self) -> str:
        """Name as shown."""
        return f"{self.first} {self.last}"


@dataclass(slots=True, eq=False)
class Team:
    """A team of one plan; `index` is its place in the firm."""

    index: int
    name: str
    plan: TeamPlan
    members: list[Person] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its id in the ticket system."""
        return f"team-{self.index + 1}"

    @property
    def channel(self) -> str:
        """Id of its chat channel."""
        return f"C{self.index + 1:04d}"


@dataclass(frozen=True, slots=True)
class Client:
    """An invented client; `effect` is its log of hours against the average."""

    key: str
    name: str
    domain: str
    segment: str
    seats: int
    effect: float
    users: tuple[str, ...]

    def login(self, user: int) -> str:
        """Account of one of its users in the ticket system."""
        return f"psa:{self.key}-{user + 1}"


@dataclass(slots=True)
class Firm:
    """All that holds before the first day, and the period."""

    world: World
    seed: int
    zone: ZoneInfo
    first: date
    until: date
    people: list[Person]
    teams: list[Team]
    clients: list[Client]
    truth: Planted

    def on_duty(self, team: Team, day: date) -> list[Person]:
        """Members of the team who work on that day."""
        return [p for p in team.members if p.work.span(day)]

    def escalation_team(self, team: Team) -> Team | None:
        """The team that takes what this one escalates; teams of one kind share the next kind evenly."""
        above = [t for t in self.teams if t.plan.name == team.plan.escalated_to]
        return above[team.index % len(above)] if above else None


def ascii_of(text: str) -> str:
    """Lower-case ASCII of a name, for addresses."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "")


def firm(
    world: World, seed: int, people: int, months: int, until: date, zone: ZoneInfo, correlation: float | None = None
) -> Firm:
    """The invented firm; equal arguments give the equal firm."""
    first = months_before(until, months)
    truth = planted(world, Dice(seed, 0), people, correlation)
    staff = _staff(world, Dice(seed, 1), people)
    teams = _teams(world, Dice(seed, 2), staff)
    for name, values in truth.shown(world).items():
        for person, value in zip(staff, values.tolist(), strict=True):
            setattr(person, name, value)
    tongues = Dice(seed, 12)
    for person in staff:
        person.second_language = tongues.chance(world.roster.second_language_share)
    for person, label, games in zip(staff, truth.archetypes, truth.games, strict=True):
        person.archetype, person.games = label, games
    gamers = [p.index for p in staff if p.games]
    for one, two in zip(gamers[::2], gamers[1::2], strict=False):
        staff[one].partner, staff[two].partner = two, one
    made = Firm(world, seed, zone, first, until, staff, teams, _clients(world, Dice(seed, 3), people), truth)
    _promote(made, Dice(seed, 4))
    for person in staff:
        _set_hours(made, person, Dice(seed, 5, person.index))
    return made


def _staff(world: World, dice: Dice, people: int) -> list[Person]:
    taken, found = dict[str, int](), list[Person]()
    for index in range(people):
        first, last = invented_name(dice)
        twin = index - FIRST_DOUBTFUL
        if 0 <= twin < world.roster.doubtful_count and twin % 2 == 0:
            first, last = found[twin].first, found[twin].last
        login = f"{ascii_of(first)}.{ascii_of(last)}"
        taken[login] = taken.get(login, 0) + 1
        suffix = str(taken[login]) if taken[login] > 1 else ""
        found.append(Person(index, first, last, f"{login}{suffix}@{DOMAIN}", 0))
    return found


def _teams(world: World, dice: Dice, staff: list[Person]) -> list[Team]:
    total = sum(plan.share for plan in world.teams)
    exact = [plan.share / total * len(staff) for plan in world.teams]
    counts = [int(x) for x in exact]
    for n in sorted(range(len(exact)), key=lambda n: counts[n] - exact[n])[: len(staff) - sum(counts)]:
        counts[n] += 1
    order = dice.some(staff, len(staff))
    teams: list[Team] = []
    for plan, count in zip(world.teams, counts, strict=True):
        parts = max(1, round(count / plan.size))
        for part in range(parts if count else 0):
            name = plan.name if parts == 1 else f"{plan.name} {part + 1}"
            team = Team(len(teams), name, plan)
            for _ in range(count // parts + (part < count % parts)):
                person = order.pop()
                person.team = team.index
                team.members.append(person)
            teams.append(team)
    return teams


def _clients(world: World, dice: Dice, people: int) -> list[Client]:
    words, rules, found, taken = phrases(), world.roster, list[Client](), set[str]()
    for index in range(max(3, round(people * rules.clients_per_person))):
        name = f"{dice.one(words['client_first'])}{dice.one(words['client_second'])} {dice.one(words['client_kind'])}"
        name = name if name not in taken else f"{name} {index + 1}"
        taken.add(name)
        users = tuple(" ".join(invented_name(dice)) for _ in range(rules.requesters_per_client))
        found.append(
            Client(
                f"c{index + 1:04d}",
                name,
                f"{ascii_of(name)}.example",
                dice.one(words["segments"]),
                max(3, round(dice.lognormal(rules.client_seats_median, rules.client_seats_sd))),
                rules.client_difficulty_sd * dice.normal(),
                users,
            )
        )
    return found


def _promote(made: Firm, dice: Dice) -> None:
    """Choose leads and seniors; the best soloist is promoted whatever the rule says, and it turns out badly."""
    rules, values, disaster = made.world.roster, made.truth.values, -1
    soloists = [p for p in made.people if p.archetype == "brilliant_soloist"]
    if soloists:
        disaster = max(soloists, key=lambda p: float(values["craft"][p.index])).index
    for team in made.teams:
        fit = {
            p.index: rules.promotion_craft * float(values["craft"][p.index])
            + rules.promotion_leading * float(values["leading"][p.index])
            + dice.normal()
            for p in team.members
        }
        ranked = sorted(team.members, key=lambda p: (p.index != disaster, -fit[p.index]))
        for place, person in enumerate(ranked):
            person.is_lead = place == 0
            person.is_senior = 0 < place <= round(rules.senior_share * (len(ranked) - 1))
            person.started_on = made.first - timedelta(days=int(dice.between(*rules.tenure_days)))
            if person.is_senior:
                person.senior_on = made.until - timedelta(days=int(dice.between(*rules.promoted_days)))
                person.started_on = min(person.started_on, person.senior_on - timedelta(days=rules.tenure_days[0]))
        lead = ranked[0]
        lead.promoted_on = made.until - timedelta(days=int(dice.between(*rules.promoted_days)))
        lead.started_on = min(lead.started_on, lead.promoted_on - timedelta(days=rules.tenure_days[0]))
        leading = float(values["leading"][lead.index])
        odds = made.world.traits.outcome_base + made.world.traits.outcome_slope * leading
        lead.outcome = dice.chance(logistic(odds)) and lead.index != disaster
        if lead.index == disaster:
            lead.archetype = "disaster_promotion"


def _set_hours(made: Firm, person: Person, dice: Dice) -> None:
    """Weekdays, shift, leaves, first and last day, and the working time that follows."""
    rules, plan = made.world.roster, made.teams[person.team].plan
    place = [p.index for p in made.teams[person.team].members].index(person.index)
    person.shift = (plan.shifts[place % len(plan.shifts)][0], plan.shifts[place % len(plan.shifts)][1])
    days = [(2 * place + n) % 7 for n in range(5)] if plan.weekends else list(range(5))
    if not person.is_lead and dice.chance(rules.part_time_share):
        days = dice.some(days, rules.part_time_days)
        person.share = rules.part_time_days / 5
    person.weekdays = tuple(sorted(days))
    span = (made.until - made.first).days
    if not person.is_lead and not person.is_senior and dice.chance(rules.newcomer_share):
        person.started_on = made.first + timedelta(days=int(dice.between(*rules.newcomer_span) * span))
    elif not person.is_lead and dice.chance(rules.leaver_share):
        person.left_on = made.first + timedelta(days=int(dice.between(*rules.leaver_span) * span))
    left = round(rules.leave_days * span / 182)
    while left > 0:
        length = min(left, dice.one(rules.leave_lengths))
        start = made.first + timedelta(days=int(dice.uniform() * span))
        person.leaves.append((start, start + timedelta(days=max(length - 1, length * 7 // 5 - 1))))
        left -= length
    spans: dict[date, tuple[float, float]] = {}
    last = made.until + timedelta(days=HORIZON_DAYS)
    for day in days_between(made.first, last):
        gone = day < person.started_on or (person.left_on is not None and day > person.left_on)
        if gone or day.weekday() not in person.weekdays or any(a <= day <= b for a, b in person.leaves):
            continue
        midnight = local_midnight(day, made.zone)
        spans[day] = (midnight + person.shift[0] * HOUR, midnight + person.shift[1] * HOUR)
    person.work = WorkTime(spans)
