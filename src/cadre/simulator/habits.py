"""The sections of a world about what people do: case mix and habits, with the meaning of every number.

Keeps true: what a trait does to a habit stands in one formula here and nowhere else. The values stand in
`worlds/*.toml`; `world` reads them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A topic of tickets.

    `name` in the lexicon, `weight` by which it is drawn, mean `difficulty` (sd) and `log_hours` beyond that.
    """

    name: str
    weight: float
    difficulty: float
    log_hours: float


@dataclass(frozen=True, slots=True)
class Tickets:
    """Case mix and life of a ticket.

    Difficulty = team + topic + `difficulty_sd` x noise; team and topic show before anybody takes it. People on
    duty take it with weight exp(`depth_pull` x depth x difficulty). Log working hours until resolved =
    log(`median_hours`) + topic + client + `priority_effect` + `channel_effect` + `difficulty_effect` x
    difficulty - `speed_effect` x speed of the holder - `lift_effect` x mean leading of teammates on duty +
    `noise_sd` x noise. Drawn by `priority_share` (1 first), `channel_share` of `channels` (the last is for
    alerts) and seats of the client times lognormal noise `client_load_sd`; due after `sla_hours` by priority.

    Assigned after lognormal hours (`assign_hours`, `assign_sd`). Poisson `notes_mean` notes and `replies_mean`
    replies a stretch, in plain language with log odds of `plain_share` + `plain_clarity` x clarity;
    `time_share` of stretches are booked, at `hands_on_share` of their hours.

    Escalated with log odds of `escalate_share` + `escalate_difficulty` x difficulty - `escalate_depth` x depth
    of the owner, after `handover_part` of the work; too thin to work on with log odds of `bounce_share` -
    `bounce_clarity` x clarity, it comes back and goes up again, `bounce_hours` each way. `shift_handover_share`
    of other tickets change hands among peers.

    Reopened with log odds of `reopen_share` - `reopen_quality` x quality after lognormal clock hours
    (`reopen_hours`, `reopen_sd`, used for ratings too), with `reopen_part` of the work again. Closed
    `close_hours` after. `rating_share` are rated: `rating_mean` + `rating_quality` x quality + `rating_clarity`
    x clarity - `rating_slowness` x unexplained log hours + `rating_sd` x noise, put on five steps from 0 to 1.
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

    Log odds of `share` + `difficulty` x difficulty. The helper is drawn with weight exp(`mentoring_pull` x
    mentoring) from those on duty; the rest of the work gets shorter by `effect` + `effect_mentoring` x
    mentoring (log hours). `time_share` of helpers book lognormal time (`hours`, `hours_sd`); `thank_share` of
    owners name the helper when they resolve.

    Helpers explain with log odds of `explain_share` + `explain_mentoring` x mentoring. Each explanation teaches
    the holder the topic, up to `learn_most` times: later tickets on it take `learn_speed` less (log hours) and
    need help with log odds lower by `learn_need`.
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
    """What seniors and leads pass on, and how they let go.

    They pass on tickets below `difficulty_below` and not of priority 1, with log odds of `pass_share` +
    `pass_slope` x delegation, `pass_hours` after they got them. They take back with log odds of
    `take_back_share` - `take_back_slope` x delegation once `take_back_part` is done, and put in Poisson
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
    """Questions and other talk in chat.

    `per_day` questions a person: `mention_share` name one colleague, `direct_share` go to one in private, the
    rest to the channel. Whom: weight exp(`expert_pull` x depth + `helpful_pull` x helpfulness), times
    `same_team` within the team; `others_count` people of other teams come into question on a day.
    `thanks_share` of answers are thanked for.

    `small_talk_per_day` messages a person about nothing; `tense_share` a day are reproaches, answered with log
    odds of `tense_answer_share` + `tense_slope` x composure, and then constructively with log odds of
    `constructive_share` + `tense_slope` x composure.
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
    """Answers in chat.

    Log odds of `share` + `helpfulness` x helpfulness; working hours lognormal with median `delay_hours` x
    exp(-`delay_slope` x helpfulness) and `delay_sd`. Open questions draw Poisson `open_answerers` people with
    weight exp(`open_pull` x helpfulness).

    An answer explains with log odds of `explain_share` + `explain_mentoring` x mentoring; is clear with log
    odds of `clear_share` + `clear_clarity` x clarity; else is terse with log odds of `brief_share` + brevity.
    An unclear one is asked back with probability `repair_unclear`, a clear one with `repair_clear`.
    `thread_share` stand in the thread, `mention_back_share` only name the asker, the rest carry no link.
    `react_share` of answers without thanks get an emoji.
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
    """Help by phone or across the desk, which leaves no row.

    Log odds of `share` + `leading` x leading of the helper.
    """

    share: float
    leading: float


@dataclass(frozen=True, slots=True)
class Incidents:
    """Major incidents.

    `per_person_day` of the firm, with up to `people` who join. Lognormal clock hours (`hours`, `hours_sd`),
    shrunk by exp(-`hours_composure` x composure of the coordinator), who gives an update every `update_hours` x
    exp(-`update_composure` x composure), with log noise `update_sd`.

    `turns_per_hour` others are spread over the people: they coordinate with log odds of `coordinate_share` +
    `coordinate_composure` x composure; else `question_share` ask a named colleague, answered after about
    `answer_minutes`. A review meeting follows `review_share` of incidents, `review_after_hours` later.
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

    At local `start_hour`, with `least` to `most` people. Poisson `turns`, each lognormal seconds long
    (`turn_seconds`, `turn_sd`); speakers drawn with weight exp(`talk_craft` x craft), the lead's times
    `lead_talk`. A turn gives the floor with log odds of `floor_share` + `floor_leading` x mentoring; else
    `decide_share` settle something.
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

    Poisson `per_half_year` x exp(`mentoring` x mentoring) a person; `link_share` of resolved tickets whose
    topic has an article link one, drawn with weight exp(`clarity_pull` x clarity of its author).
    """

    per_half_year: float
    mentoring: float
    link_share: float
    clarity_pull: float


@dataclass(frozen=True, slots=True)
class Gaming:
    """What some people do who have learnt what is counted.

    `share` of people, drawn with weight exp(`leading_tilt` x leading). Poisson numbers a day: `farmed_per_day`
    messages that name `farmed_names` people, `padded_per_day` empty notes on others' tickets, `favours_per_day`
    staged questions to a partner who answers after about `favour_minutes`. They take tickets with weight
    exp(-`easy_pick` x the difficulty that shows).
    """

    share: float
    leading_tilt: float
    farmed_per_day: float
    padded_per_day: float
    favours_per_day: float
    easy_pick: float
    farmed_names: int
    favour_minutes: float
