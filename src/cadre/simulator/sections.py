"""The sections of a world about who is who: traits, labels, teams, roster, with the meaning of every number.

Keeps true: the code that generates rows holds no number of a trait, a habit or a case mix of its own; it takes it
from here. The values stand in `worlds/*.toml`; `world` reads them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traces:
    """How strongly planted traits move behaviour.

    1 as the other sections say, 0 not at all: `leading` for leading and its facets and brevity, `craft` for
    craft and its facets.
    """

    leading: float
    craft: float


@dataclass(frozen=True, slots=True)
class Traits:
    """The draw of traits.

    Craft and leading are standard normal with `correlation`. Each facet is `leading_loading` or `craft_loading`
    times its axis plus independent noise, so that it is standard normal too. A promotion turns out well with
    log odds `outcome_base` + `outcome_slope` x leading; `review_after_days` later `reviewers_count` people are
    asked anonymously and answer around `review_well` or `review_badly` (0-1), with `review_sd`.
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
    """People whose draw fits best get this label `name` and these pushes on their facets (sd); their axes stay as drawn.

    `share` of all people, at least `at_least`. Whoever has most of `craft_weight` x craft + `leading_weight` x
    leading fits best. Pushes: `helpfulness`, `clarity`, `mentoring`, `composure`, `delegation` and `brevity`
    (terse wording).
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

    `name`; `tier` of service; `role` of its members; `share` of all people, split into teams of about `size`;
    `day_rate` tickets a person on duty; mean `difficulty` of them (sd); `shifts` of local start and end hour,
    given to members in turn; whether it works `weekends`; whether its tickets come from `alerts`; the plan its
    hard tickets are `escalated_to` (empty: none).
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
    """People, clients and their accounts.

    `part_time_share` work `part_time_days` a week; `newcomer_share` start and `leaver_share` leave within
    `newcomer_span` and `leaver_span` of the period (0-1); `leave_days` a half year are taken in `leave_lengths`
    of days, each as likely; on-call spans last `on_call_hours`. `tenure_days`: least and most days with the
    firm before the period. `second_language_share` write as people do in a second language, whatever their
    traits.

    `senior_share` of a team besides its lead are seniors. Leads and seniors are those with most of
    `promotion_craft` x craft + `promotion_leading` x leading + noise, promoted between the two `promoted_days`
    before the last day.

    `name_only_share` of logins carry no e-mail; `doubtful_count` people have an account whose name fits two
    people or nobody. `clients_per_person` clients, with lognormal seats (`client_seats_median`,
    `client_seats_sd`), an effect on log hours of `client_difficulty_sd` and `requesters_per_client` users who
    write.
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
