"""A world: every number of the generative model, read from a committed TOML file.

Keeps true: a world names only keys that exist, every number has a place here with its meaning, and the code that
generates rows holds no number of its own. `common.toml` holds the firm all worlds share; a world overrides what
makes it that world. Which traits leave which traces is decided in `[traces]`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from cadre.errors import NotFoundError, UsageError

FOLDER = Path(__file__).parent / "worlds"
WORLDS = ("helpful", "null", "other", "gamed")


@dataclass(frozen=True, slots=True)
class Traces:
    """How strongly planted traits move behaviour: 1 as the other sections say, 0 not at all."""

    leading: float
    craft: float


@dataclass(frozen=True, slots=True)
class Traits:
    """The draw of traits.

    Craft and leading standard normal with `correlation`; each facet is `loading` times its axis plus
    independent noise, so that it is standard normal too. `outcome_*`: log odds that a promotion turns out well,
    as base plus slope times leading. `review_after_days` after it, `reviewers_count` people are asked anonymously and
    answer around `review_well` or `review_badly` (0-1), with `review_sd`.
    """

    correlation: float
    leading_loading: float
    craft_loading: float
    outcome_base: float
    outcome_slope: float
    review_after_days: int
    review_well: float
    review_badly: float
    review_sd: float
    reviewers_count: int


@dataclass(frozen=True, slots=True)
class Archetype:
    """People whose draw fits best get this label and these pushes on their facets (sd); axes stay as drawn.

    `share` of all people, at least `at_least`; `craft_weight`, `leading_weight`: whoever has most of this sum
    fits best.
    """

    name: str
    share: float
    at_least: int
    craft_weight: float
    leading_weight: float
    helpfulness: float
    clarity: float
    mentoring: float
    composure: float
    delegation: float
    brevity: float


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A kind of team.

    `share` of all people, split into teams of at most `size`; `day_rate` tickets a person on duty, `difficulty`
    mean of them (sd), `shifts` of local start and end hour in turn, whether it works weekends, whether its
    tickets come from `alerts`, and the plan its tickets are `escalated_to` (empty: nobody).
    """

    name: str
    tier: str
    role: str
    share: float
    size: int
    day_rate: float
    difficulty: float
    shifts: list[list[float]]
    weekends: bool
    alerts: bool
    escalated_to: str


@dataclass(frozen=True, slots=True)
class Roster:
    """People.

    `part_time_share` work `part_time_days` a week, `newcomer_share` start and `leaver_share` leave within the
    data, `leave_days` a half year, `senior_share` of a team besides its lead are seniors. Leads are chosen by
    `promotion_craft` times craft plus `promotion_leading` times leading plus noise. Accounts: `name_only_share`
    of logins carry no e-mail, `doubtful_count` carry only a name that fits two people or nobody.
    `tenure_days` and `promoted_days`: least and most days before the first and last day; `*_span`: part of the period
    in which newcomers start and leavers go; `leave_lengths`: working days of a leave, each as likely.
    `second_language_share` write as people do in a second language; that has nothing to do with any trait.
    """

    part_time_share: float
    part_time_days: int
    newcomer_share: float
    leaver_share: float
    leave_days: float
    senior_share: float
    promotion_craft: float
    promotion_leading: float
    name_only_share: float
    doubtful_count: int
    second_language_share: float
    clients_per_person: float
    client_difficulty_sd: float
    client_seats_median: float
    client_seats_sd: float
    tenure_days: list[int]
    promoted_days: list[int]
    newcomer_span: list[float]
    leaver_span: list[float]
    leave_lengths: list[int]
    on_call_hours: list[float]
    requesters_per_client: int


@dataclass(frozen=True, slots=True)
class Category:
    """A topic of tickets: its name in the lexicon, how often, mean difficulty (sd), and log of hours beyond that."""

    name: str
    weight: float
    difficulty: float
    log_hours: float


@dataclass(frozen=True, slots=True)
class Tickets:
    """Case mix and life of a ticket.

    Difficulty = team + topic + `difficulty_sd` x noise, of which team and topic show
    before anybody takes the ticket. Log working hours = log(`median_hours`) + category + client + `priority_effect`[priority-1] +
    `channel_effect`[channel] + `difficulty_effect` x difficulty - `speed_effect` x speed - `lift_effect` x mean
    leading of teammates on duty + `noise_sd` x noise. Log odds: reopening `reopen_share` - `reopen_quality` x
    quality; escalation `escalate_share` + `escalate_difficulty` x difficulty - `escalate_depth` x depth of the
    owner; a wrongful escalation bounces with `bounce_share`, less with clarity.
    """

    median_hours: float
    hands_on_share: float
    difficulty_sd: float
    difficulty_effect: float
    speed_effect: float
    lift_effect: float
    noise_sd: float
    assign_hours: float
    assign_sd: float
    handover_part: float
    bounce_hours: float
    reopen_hours: float
    reopen_sd: float
    client_load_sd: float
    reopen_part: float
    priority_share: list[float]
    priority_effect: list[float]
    sla_hours: list[float]
    channels: list[str]
    channel_share: list[float]
    channel_effect: list[float]
    depth_pull: float
    notes_mean: float
    replies_mean: float
    reopen_share: float
    reopen_quality: float
    escalate_share: float
    escalate_difficulty: float
    escalate_depth: float
    bounce_share: float
    bounce_clarity: float
    shift_handover_share: float
    close_hours: float
    time_share: float
    rating_share: float
    rating_mean: float
    rating_quality: float
    rating_clarity: float
    rating_slowness: float
    rating_sd: float
    plain_share: float
    plain_clarity: float


@dataclass(frozen=True, slots=True)
class Assists:
    """Help on work owned by others.

    `share` of tickets of average difficulty (log odds + `difficulty` x difficulty); the helper is drawn with
    weight exp(`mentoring_pull` x mentoring); it shortens the rest of the work by `effect` + `effect_mentoring`
    x mentoring (log hours). `time_share` of helpers book `hours`; `thank_share` of owners name them.
    Each explanation teaches the holder the topic, up to `learn_most` times: their later tickets on it take `learn_speed`
    less (log hours) and need help with log odds lower by `learn_need`.
    """

    share: float
    difficulty: float
    mentoring_pull: float
    effect: float
    effect_mentoring: float
    time_share: float
    hours: float
    hours_sd: float
    thank_share: float
    explain_share: float
    explain_mentoring: float
    learn_speed: float
    learn_need: float
    learn_most: int


@dataclass(frozen=True, slots=True)
class Delegation:
    """Seniors and leads pass on tickets below `difficulty_below` with log odds of `pass_share` + `pass_slope` x delegation.

    They take back with log odds of `take_back_share` - `take_back_slope` x delegation, and put in Poisson
    `touches` x exp(-`touches_slope` x delegation) notes meanwhile.
    """

    difficulty_below: float
    pass_share: float
    pass_slope: float
    take_back_share: float
    take_back_slope: float
    touches: float
    touches_slope: float
    pass_hours: float
    take_back_part: float


@dataclass(frozen=True, slots=True)
class Asking:
    """Questions in chat.

    `per_day` a person, to one colleague by mention or direct message, else to the channel open. Whom: weight
    exp(`expert_pull` x depth + `helpful_pull` x helpfulness), times `same_team` within the team; `others_count`
    people of other teams come into question on a day.
    """

    per_day: float
    mention_share: float
    direct_share: float
    expert_pull: float
    helpful_pull: float
    same_team: float
    others_count: int
    small_talk_per_day: float
    thanks_share: float
    tense_share: float
    tense_answer_share: float
    tense_slope: float
    constructive_share: float


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers.

    Log odds of `share` + `helpfulness` x helpfulness; working hours lognormal with median `delay_hours` x
    exp(-`delay_slope` x helpfulness) and `delay_sd`. Open questions draw `open_answerers` people with weight
    exp(`open_pull` x helpfulness). An answer explains with log odds of `explain_share` + `explain_mentoring` x
    mentoring; it is clear with log odds of `clear_share` + `clear_clarity` x clarity; an unclear one is asked
    back with `repair_unclear`, a clear one with `repair_clear`. `brief_share`: terse wording, more with the
    push brevity.
    """

    share: float
    helpfulness: float
    delay_hours: float
    delay_slope: float
    delay_sd: float
    open_answerers: float
    open_pull: float
    explain_share: float
    explain_mentoring: float
    clear_share: float
    clear_clarity: float
    repair_unclear: float
    repair_clear: float
    brief_share: float
    thread_share: float
    mention_back_share: float
    react_share: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """Help by phone or across the desk leaves no row: log odds of `share` + `leading` x leading."""

    share: float
    leading: float


@dataclass(frozen=True, slots=True)
class Incidents:
    """Major incidents.

    `per_person_day` of the firm; `hours` median length, `people` who join. The coordinator gives an update
    every `update_hours` x exp(-`update_composure` x composure); in a turn a participant coordinates with log
    odds of `coordinate_share` + `coordinate_composure` x composure. `hours` shrink by exp(-`hours_composure` x composure of the
    coordinator); `question_share` of other turns ask a named colleague, answered after about `answer_minutes`. A review meeting follows `review_share` of
    them.
    """

    per_person_day: float
    hours: float
    people: int
    turns_per_hour: float
    update_hours: float
    update_composure: float
    update_sd: float
    hours_sd: float
    hours_composure: float
    answer_minutes: float
    question_share: float
    coordinate_share: float
    coordinate_composure: float
    review_share: float
    review_after_hours: float


@dataclass(frozen=True, slots=True)
class Meetings:
    """Weekly team meetings with transcript.

    `turns` each; speakers drawn with weight exp(`talk_craft` x craft), the lead times `lead_talk`; a turn gives
    the floor with log odds of `floor_share` + `floor_leading` x mentoring.
    """

    turns: float
    turn_seconds: float
    turn_sd: float
    start_hour: float
    least: int
    most: int
    talk_craft: float
    lead_talk: float
    floor_share: float
    floor_leading: float
    decide_share: float


@dataclass(frozen=True, slots=True)
class Articles:
    """Knowledge articles.

    Poisson `per_half_year` x exp(`mentoring` x mentoring) a person; `link_share` of tickets whose topic has an
    article link one, drawn with weight exp(`clarity_pull` x clarity of its author).
    """

    per_half_year: float
    mentoring: float
    link_share: float
    clarity_pull: float


@dataclass(frozen=True, slots=True)
class Gaming:
    """`share` of people, drawn with weight exp(`leading_tilt` x leading), game the measure.

    Mentions farmed, notes padded and favours traded with a partner, each a Poisson number a day; they pick
    tickets with weight exp(-`easy_pick` x difficulty).
    """

    share: float
    leading_tilt: float
    farmed_per_day: float
    padded_per_day: float
    favours_per_day: float
    easy_pick: float
    farmed_names: int
    favour_minutes: float


@dataclass(frozen=True, slots=True)
class World:
    """All numbers of one world; see the classes of its sections. `about` says what makes it this world, in one sentence."""

    name: str
    about: str
    traces: Traces
    traits: Traits
    archetypes: list[Archetype]
    teams: list[TeamPlan]
    roster: Roster
    categories: list[Category]
    tickets: Tickets
    assists: Assists
    delegation: Delegation
    asking: Asking
    answering: Answering
    unseen: Unseen
    incidents: Incidents
    meetings: Meetings
    articles: Articles
    gaming: Gaming


def load_world(name: str) -> World:
    """The committed world of that name; `NotFoundError` for another name, `UsageError` for a broken file."""
    if name not in WORLDS:
        raise NotFoundError(f"no world {name!r}", hint=f"Choose one of {', '.join(WORLDS)}.")
    common = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
    return world_of(merged(common, tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))))


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`, section by section; lists are replaced whole."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result


def world_of(data: Mapping[str, Any]) -> World:
    """A world from parsed TOML; `UsageError` naming the first key that is unknown, missing or of another kind."""
    world = _built(World, data, "world")
    assert isinstance(world, World)
    return world


def _built(kind: Any, value: Any, path: str) -> Any:
    if get_origin(kind) is list:
        if not isinstance(value, list):
            raise UsageError(f"{path}: expected a list")
        return [_built(get_args(kind)[0], item, f"{path}[{n}]") for n, item in enumerate(value)]
    if is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise UsageError(f"{path}: expected a section")
        hints, names = get_type_hints(kind), {f.name for f in fields(kind)}
        for key in sorted(set(value) - names):
            raise UsageError(f"{path}: unknown key {key!r}", hint=f"Known keys: {', '.join(sorted(names))}.")
        for key in sorted(names - set(value)):
            raise UsageError(f"{path}: missing key {key!r}")
        assert callable(kind)
        return kind(**{key: _built(hints[key], item, f"{path}.{key}") for key, item in value.items()})
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise UsageError(f"{path}: expected {kind.__name__}, got {type(value).__name__}")
    return value
