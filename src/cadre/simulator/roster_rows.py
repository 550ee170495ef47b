"""The roster as canonical rows: people, teams, clients, channels, and the accounts that have to be joined to people.

Keeps true: each person has a login in the ticket system and a member id in the chat, under separate account keys;
most carry the person's e-mail, a few only the name, and the doubtful ones a name that fits two people or nobody fully.
"""

from datetime import datetime, time, timedelta

from cadre.simulator.dice import Dice
from cadre.simulator.roster import FIRST_DOUBTFUL, Firm, Person
from cadre.simulator.sheet import Sheet
from cadre.simulator.worktime import local_midnight

BOTS = ("psa:dispatch", "psa:monitor", "chat:bot-status")
GENERAL = "C0000"


def role_of(firm: Firm, person: Person) -> str:
    """The person's role as the roster writes it."""
    plan = firm.teams[person.team].plan
    if person.is_lead:
        return f"Team lead {plan.name}"
    return f"Senior {plan.role[:1].lower()}{plan.role[1:]}" if person.is_senior else plan.role


def put_roster(firm: Firm, sheet: Sheet) -> None:
    """Write all rows that hold before the first day, and the role changes."""
    dice = Dice(firm.seed, 6)
    for bot in BOTS:
        sheet.put("accounts", bot, kind="bot")
    _put_teams(firm, sheet)
    for person in firm.people:
        _put_person(firm, sheet, person)
        _put_accounts(firm, sheet, person, dice)
        _put_review(firm, sheet, person, dice)
    for client in firm.clients:
        sheet.put("clients", client.key, segment=client.segment, seats_count=client.seats)
        sheet.put("identities", f"client:{client.key}", client_id=client.key, display_name=client.name)
        for n, user in enumerate(client.users):
            account = sheet.put("accounts", client.login(n), kind="client")
            address = f"{user.split()[0].lower()}.{n + 1}@{client.domain}"
            sheet.put("identities", f"account:{account}", account_id=account, display_name=user, email=address)


def _put_teams(firm: Firm, sheet: Sheet) -> None:
    parents: set[str] = set()
    for team in firm.teams:
        parent = None
        if sum(t.plan.name == team.plan.name for t in firm.teams) > 1:
            parent = f"group-{team.plan.name.lower().replace(' ', '-')}"
            if parent not in parents:
                parents.add(parent)
                sheet.put("teams", parent, name=team.plan.name, tier=team.plan.tier)
        sheet.put("teams", team.key, name=team.name, tier=team.plan.tier, parent_team_id=parent)
        sheet.put("channels", team.channel, kind="public")
        name = team.name.lower().replace(" ", "-")
        sheet.put("identities", f"channel:{team.channel}", channel_id=team.channel, display_name=name)
    sheet.put("channels", GENERAL, kind="public")
    sheet.put("identities", f"channel:{GENERAL}", channel_id=GENERAL, display_name="general")


def _put_person(firm: Firm, sheet: Sheet, person: Person) -> None:
    team = firm.teams[person.team]
    lead = next(p for p in team.members if p.is_lead)
    key = sheet.put(
        "people",
        person.key,
        role=role_of(firm, person),
        team_id=team.key,
        started_on=person.started_on,
        lead_person_id=None if lead is person else lead.key,
        left_on=person.left_on,
        employment_share=person.share,
    )
    sheet.put("identities", f"person:{key}", person_id=key, display_name=person.name, email=person.email)
    sheet.put(
        "memberships",
        f"{key}-{team.key}",
        person_id=key,
        team_id=team.key,
        started_on=person.started_on,
        ended_on=person.left_on,
    )
    for weekday in person.weekdays:
        sheet.put(
            "schedules",
            f"{key}-work-{weekday}",
            person_id=key,
            kind="work",
            weekday=weekday,
            started_on=max(person.started_on, firm.first),
            ended_on=person.left_on,
            start_hour=person.shift[0],
            end_hour=person.shift[1],
        )
    for n, (first, last) in enumerate(person.leaves):
        sheet.put("schedules", f"{key}-leave-{n}", person_id=key, kind="leave", started_on=first, ended_on=last)
    plain, plan = team.plan.role, team.plan
    senior = f"Senior {plain[:1].lower()}{plain[1:]}"
    for changed_on, old, new in (
        (person.senior_on, plain, senior),
        (person.promoted_on, senior, f"Team lead {plan.name}"),
    ):
        if changed_on is not None:
            at = datetime.combine(changed_on, time(9), firm.zone).timestamp()
            kind = new.split()[0].lower()
            sheet.put("role_changes", f"{key}-{kind}", occurred_at=at, person_id=key, from_role=old, to_role=new)
    if team.plan.tier != "1":
        place = team.members.index(person)
        for week in range(place, (firm.until - firm.first).days // 7, len(team.members)):
            start = firm.first + timedelta(days=7 * week)
            sheet.put(
                "schedules",
                f"{key}-on-call-{week}",
                person_id=key,
                kind="on_call",
                started_on=start,
                ended_on=start + timedelta(days=6),
                start_hour=firm.world.roster.on_call_hours[0],
                end_hour=firm.world.roster.on_call_hours[1],
            )


def _put_review(firm: Firm, sheet: Sheet, person: Person, dice: Dice) -> None:
    """The survey that asks, a year and a half later, whether a promotion was right."""
    rules = firm.world.traits
    if person.promoted_on is None or person.outcome is None:
        return
    asked_on = person.promoted_on + timedelta(days=rules.review_after_days)
    at = datetime.combine(asked_on, time(9), firm.zone).timestamp()
    for n in range(rules.reviewers_count if sheet.seen(at) else 0):
        score = (rules.review_well if person.outcome else rules.review_badly) + rules.review_sd * dice.normal()
        sheet.put("survey_responses", f"{person.key}-review-{n + 1}", occurred_at=at, survey="lead review",
                  question="Would you appoint this person again?", about_account_id=person.psa,
                  score_share=min(1.0, max(0.0, round(score, 1))))  # fmt: skip


def _put_accounts(firm: Firm, sheet: Sheet, person: Person, dice: Dice) -> None:
    rules = firm.world.roster
    doubtful = 0 <= person.index - FIRST_DOUBTFUL < rules.doubtful_count
    for account, system in ((person.psa, "psa"), (person.chat, "chat")):
        sheet.put("accounts", account, kind="staff")
        name, email = person.name, person.email
        without = dice.chance(rules.name_only_share)
        if doubtful and system == "chat":
            without = True
            if (person.index - FIRST_DOUBTFUL) % 2:
                name = f"{person.first[0]}. {person.last}"
        sheet.put(
            "identities",
            f"account:{account}",
            account_id=account,
            display_name=name,
            email=None if without else email,
            handle=account.split(":")[1],
        )


def put_direct_channel(sheet: Sheet, known: set[str], one: Person, two: Person) -> str:
    """The channel of a direct conversation, written the first time."""
    low, high = sorted((one.index, two.index))
    key = f"D{low + 1:05d}-{high + 1:05d}"
    if key not in known:
        known.add(key)
        sheet.put("channels", key, kind="direct")
    return key


def day_start(firm: Firm, ordinal: int) -> float:
    """The instant from which the local hours of the n-th day are counted."""
    return local_midnight(firm.first + timedelta(days=ordinal), firm.zone)
