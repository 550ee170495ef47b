"""The canonical tables: one vocabulary for every source.

Facts carry `account_id`; who the account belongs to is joined last. Names, addresses and free text lie in
`identities` and `texts`, apart from the keys that analysis uses. Extend here and nowhere else.
"""

from cadre.records.machine import MACHINES
from cadre.records.schema import ANY, Column, Table

VERSION = 1
"""Schema version; raise it with a migration in `warehouse.migration`."""

_WHEN = Column("occurred_at", "instant", "When it happened", required=True)

TABLES: tuple[Table, ...] = (
    Table(
        "people",
        "a person employed by the firm",
        "person_id",
        (
            Column("role", "text", "Role name as the firm writes it"),
            Column("team_id", "text", "Team the person is in now", ref="teams"),
            Column("lead_person_id", "text", "Whom the person reports to", ref="people"),
            Column("started_on", "date", "First day with the firm"),
            Column("left_on", "date", "Last day with the firm; missing while employed or where not told"),
            Column("employment_share", "real", "Contracted share of full time, 0-1"),
            Column("zone", "text", "IANA time zone the person works in; missing means the firm's"),
        ),
    ),
    Table(
        "accounts",
        "a login, author or assignee of one source",
        "account_id",
        (Column("kind", "text", "`staff`, `client`, `bot` or `unknown`"),),
    ),
    Table(
        "identities",
        "what names an account, person, client or channel in one source",
        "identity_id",
        (
            Column("account_id", "text", "Account it names", ref="accounts"),
            Column("person_id", "text", "Person it names", ref="people"),
            Column("client_id", "text", "Client it names", ref="clients"),
            Column("channel_id", "text", "Channel it names", ref="channels"),
            Column("display_name", "text", "Name as shown"),
            Column("email", "text", "E-mail address, lower case"),
            Column("handle", "text", "Login or handle"),
        ),
        private=True,
    ),
    Table(
        "teams",
        "a team, queue or assignment group",
        "team_id",
        (
            Column("name", "text", "Name of the team"),
            Column("tier", "text", "Service tier it works at, such as `1`, `2`, `3` or `projects`"),
            Column("parent_team_id", "text", "Team it is part of", ref="teams"),
        ),
    ),
    Table(
        "memberships",
        "a person's time in a team",
        "membership_id",
        (
            Column("person_id", "text", "Who", ref="people", required=True),
            Column("team_id", "text", "Which team", ref="teams", required=True),
            Column("started_on", "date", "First day"),
            Column("ended_on", "date", "Last day; missing while it lasts"),
        ),
    ),
    Table(
        "schedules",
        "a weekly working span, an on-call span or a leave",
        "schedule_id",
        (
            Column("person_id", "text", "Who", ref="people", required=True),
            Column("kind", "text", "`work`, `on_call` or `leave`", required=True),
            Column("started_on", "date", "First day it holds"),
            Column("ended_on", "date", "Last day it holds; missing while it lasts"),
            Column("weekday", "integer", "0 Monday to 6 Sunday; missing for every day of a leave"),
            Column("start_hour", "real", "Local hour it begins, 0-24"),
            Column("end_hour", "real", "Local hour it ends, 0-24; below `start_hour` means past midnight"),
        ),
    ),
    Table(
        "role_changes",
        "a change of role",
        "role_change_id",
        (
            _WHEN,
            Column("person_id", "text", "Who, where the roster tells", ref="people"),
            Column("account_id", "text", "Who, where only an account is known", ref="accounts"),
            Column("from_role", "text", "Role before"),
            Column("to_role", "text", "Role after", required=True),
        ),
    ),
    Table(
        "clients",
        "a client of the firm",
        "client_id",
        (
            Column("segment", "text", "Segment or industry"),
            Column("seats_count", "integer", "Users or seats served"),
        ),
    ),
    Table(
        "tickets",
        "a ticket, in its latest known state",
        "ticket_id",
        (
            Column("occurred_at", "instant", "When it was opened; missing where the source does not tell"),
            Column("client_id", "text", "Client served", ref="clients"),
            Column("type", "text", "Type as the source writes it: incident, request, problem"),
            Column("category", "text", "Category or topic"),
            Column("priority", "integer", "1 most urgent to 5 least"),
            Column("channel", "text", "How it came in: phone, e-mail, alert, portal"),
            Column("team_id", "text", "Team it is with", ref="teams"),
            Column("assignee_account_id", "text", "Who holds it now", ref="accounts"),
            Column("resolver_account_id", "text", "Who resolved it, where the source tells", ref="accounts"),
            Column("requester_account_id", "text", "Who asked", ref="accounts"),
            Column("status", "text", "Status as the source writes it"),
            Column("resolved_at", "instant", "When it was last resolved; missing while open or not told"),
            Column("closed_at", "instant", "When it was closed"),
            Column("sla_due_at", "instant", "When resolution is due by agreement", ahead=True),
            Column("sla_met", "flag", "Whether the agreement was kept"),
            Column("reopen_count", "integer", "How often it was reopened, where the source counts"),
            Column("handover_count", "integer", "How often it changed hands, where the source counts"),
            Column("is_major", "flag", "Whether it was declared a major incident"),
            Column("parent_ticket_id", "text", "Ticket it belongs to", ref="tickets"),
        ),
    ),
    Table(
        "ticket_events",
        "one step of a ticket's history",
        "event_id",
        (
            _WHEN,
            Column("ticket_id", "text", "Which ticket", ref="tickets", required=True),
            Column(
                "kind",
                "text",
                "The most telling thing that happened: `created`, `reopened`, `resolved`, `closed`, "
                "`escalated`, `handed_over`, `assigned`, `status`, `reply`, `note` or `update`",
                required=True,
            ),
            Column("actor_account_id", "text", "Who did it", ref="accounts"),
            Column("from_account_id", "text", "Holder before, where it changed hands", ref="accounts"),
            Column("to_account_id", "text", "Holder after, where it changed hands", ref="accounts"),
            Column("from_team_id", "text", "Team before, where it changed", ref="teams"),
            Column("to_team_id", "text", "Team after, where it changed", ref="teams"),
            Column("from_status", "text", "Status before, where it changed"),
            Column("to_status", "text", "Status after, where it changed"),
            Column("visibility", "text", "`public` (the client sees it) or `private`; missing where not told"),
            Column("mention_account_ids", "texts", "Accounts named in it", ref="accounts"),
        ),
    ),
    Table(
        "time_entries",
        "time booked on work",
        "time_entry_id",
        (
            _WHEN,
            Column("account_id", "text", "Whose time", ref="accounts", required=True),
            Column("ticket_id", "text", "Ticket worked on", ref="tickets"),
            Column("task_id", "text", "Task worked on", ref="tasks"),
            Column("client_id", "text", "Client it was for", ref="clients"),
            Column("hours", "real", "Hours booked, above 0", required=True),
            Column("kind", "text", "Work type as the source writes it"),
            Column("is_billable", "flag", "Whether it is billed"),
        ),
    ),
    Table(
        "ratings",
        "a client's rating of a piece of work (CSAT)",
        "rating_id",
        (
            _WHEN,
            Column("ticket_id", "text", "Ticket rated", ref="tickets"),
            Column("client_id", "text", "Client who rated", ref="clients"),
            Column("account_id", "text", "Whose work, where the source tells", ref="accounts"),
            Column("score_share", "real", "Score on the scale of the survey, 0 worst to 1 best", required=True),
        ),
    ),
    Table(
        "channels",
        "a chat channel or direct conversation",
        "channel_id",
        (Column("kind", "text", "`public`, `private`, `direct` or `incident`"),),
    ),
    Table(
        "messages",
        "a chat message, in its latest edit",
        "message_id",
        (
            _WHEN,
            Column("channel_id", "text", "Where", ref="channels", required=True),
            Column("account_id", "text", "Author; missing for a system line", ref="accounts"),
            Column("kind", "text", "`message` or `system` (joins, topics, bots' notices)", required=True),
            Column("reply_to_id", "text", "Message it answers, where the source tells", ref="messages"),
            Column("thread_id", "text", "First message of its thread, where the source has threads", ref="messages"),
            Column("mention_account_ids", "texts", "Accounts addressed in it", ref="accounts"),
            Column("is_edited", "flag", "Whether it was edited after sending"),
        ),
    ),
    Table(
        "reactions",
        "an emoji put on a message",
        "reaction_id",
        (
            Column("occurred_at", "instant", "When it happened; most exports do not tell"),
            Column("message_id", "text", "On which message", ref="messages", required=True),
            Column("account_id", "text", "By whom", ref="accounts", required=True),
            Column("name", "text", "Name of the emoji", required=True),
        ),
    ),
    Table(
        "meetings",
        "a meeting or call",
        "meeting_id",
        (
            Column("occurred_at", "instant", "When it began; missing where the source does not tell"),
            Column("ended_at", "instant", "When it ended"),
            Column("kind", "text", "`standup`, `incident`, `client`, `review` or as the source writes it"),
            Column("ticket_id", "text", "Incident it was about", ref="tickets"),
        ),
    ),
    Table(
        "attendances",
        "a person in a meeting",
        "attendance_id",
        (
            Column("meeting_id", "text", "Which meeting", ref="meetings", required=True),
            Column("account_id", "text", "Who", ref="accounts", required=True),
            Column("role", "text", "Role in the meeting, where the source tells"),
        ),
    ),
    Table(
        "utterances",
        "something said in a meeting, or one sentence of a ticket comment",
        "utterance_id",
        (
            Column("occurred_at", "instant", "When; missing where only the offset is known"),
            Column("meeting_id", "text", "Meeting it was said in", ref="meetings"),
            Column("event_id", "text", "Ticket comment it is part of", ref="ticket_events"),
            Column("account_id", "text", "Who", ref="accounts", required=True),
            Column("ordinal", "integer", "Place in its meeting or comment, from 0"),
            Column("start_seconds", "real", "Seconds from the meeting's start"),
            Column("end_seconds", "real", "Seconds from the meeting's start to its end"),
            Column("reply_to_id", "text", "Utterance it answers, where labelled", ref="utterances"),
            Column("addressee_account_ids", "texts", "To whom, where labelled; empty means all", ref="accounts"),
            Column("act", "text", "Dialogue act as the source labels it"),
        ),
    ),
    Table(
        "tasks",
        "a piece of project work: a change, patch or task",
        "task_id",
        (
            Column("occurred_at", "instant", "When it was made"),
            Column("account_id", "text", "Its author", ref="accounts"),
            Column("project", "text", "Project or repository"),
        ),
    ),
    Table(
        "task_events",
        "something done to a task",
        "event_id",
        (
            _WHEN,
            Column("task_id", "text", "Which task", ref="tasks", required=True),
            Column(
                "kind",
                "text",
                "`authored`, `merged`, `reviewed`, `tested`, `approved`, `helped`, `reported`, `suggested` "
                "or `commented`",
                required=True,
            ),
            Column("actor_account_id", "text", "Who did it", ref="accounts", required=True),
            Column("for_account_id", "text", "Whose task it was", ref="accounts"),
        ),
    ),
    Table(
        "articles",
        "a knowledge article",
        "article_id",
        (
            _WHEN,
            Column("account_id", "text", "Its author", ref="accounts"),
            Column("category", "text", "Topic"),
        ),
    ),
    Table(
        "article_events",
        "a use or edit of an article",
        "event_id",
        (
            _WHEN,
            Column("article_id", "text", "Which article", ref="articles", required=True),
            Column("kind", "text", "`viewed`, `linked` or `edited`", required=True),
            Column("account_id", "text", "By whom", ref="accounts"),
            Column("ticket_id", "text", "For which ticket", ref="tickets"),
        ),
    ),
    Table(
        "alerts",
        "a monitoring alert",
        "alert_id",
        (
            _WHEN,
            Column("client_id", "text", "At which client", ref="clients"),
            Column("ticket_id", "text", "Ticket it opened", ref="tickets"),
            Column("kind", "text", "What was monitored"),
            Column("severity", "integer", "1 most severe to 5 least"),
            Column("cleared_at", "instant", "When it cleared; missing while it lasts or not told"),
        ),
    ),
    Table(
        "survey_responses",
        "one answer of a staff or manager survey",
        "response_id",
        (
            Column("occurred_at", "instant", "When; missing where not told"),
            Column("survey", "text", "Which survey", required=True),
            Column("question", "text", "Which question", required=True),
            Column("about_account_id", "text", "Whom it is about", ref="accounts"),
            Column("account_id", "text", "Who answered; missing for an anonymous survey", ref="accounts"),
            Column("score_share", "real", "Score on the survey's scale, 0 lowest to 1 highest", required=True),
        ),
    ),
    *MACHINES,
    Table(
        "texts",
        "the words of one record, apart from it",
        "text_id",
        (
            Column("record_table", "text", "Table of the record the words belong to", required=True),
            Column("record_id", "text", "Key of that record", ref=ANY, required=True),
            Column("field", "text", "`title` or `body`", required=True),
            Column("account_id", "text", "Who wrote it", ref="accounts"),
            Column("body", "text", "The words", required=True),
        ),
        private=True,
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
