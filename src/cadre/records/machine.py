"""The canonical tables of machines: who acts without being a person, with what keys, and what it did.

A machine acts under an account like anybody else; its name lies in `identities`. Who of the firm answers for it by
decision, and until when, is no evidence and lies with the decisions.
"""

from cadre.records.schema import Column, Table

MACHINES: tuple[Table, ...] = (
    Table(
        "machine_identities",
        "an agent, service principal, service account or API member, in its latest known state",
        "machine_id",
        (
            Column("account_id", "text", "The account it acts under", ref="accounts", required=True),
            Column(
                "kind",
                "text",
                "`agent`, `service_principal`, `managed_identity`, `service_account`, `api_member` or `unknown`",
                required=True,
            ),
            Column(
                "client_id", "text", "Client in whose environment it lives; missing for the firm's own", ref="clients"
            ),
            Column(
                "owner_account_ids", "texts", "Who answers for it by the source; empty where nobody", ref="accounts"
            ),
            Column("purpose", "text", "What it is for, as the source says"),
            Column("made_at", "instant", "When it was made"),
            Column(
                "last_used_at", "instant", "When it last signed in; missing: never, or not told (see `is_use_told`)"
            ),
            Column("is_use_told", "flag", "Whether the source tells of use, so that a missing time means never"),
            Column("is_enabled", "flag", "Whether it may sign in"),
            Column("scopes", "texts", "What it may do, as the source names its permissions"),
            Column("expires_at", "instant", "When it ends by itself", ahead=True),
        ),
    ),
    Table(
        "machine_credentials",
        "a secret, key or certificate of a machine identity",
        "credential_id",
        (
            Column("machine_id", "text", "Whose", ref="machine_identities", required=True),
            Column("kind", "text", "`secret`, `key`, `certificate`, `federated` or `password`", required=True),
            Column("made_at", "instant", "When it was made or last rotated"),
            Column("expires_at", "instant", "When it ends; missing: never, or not told", ahead=True),
            Column("last_used_at", "instant", "When it was last used; missing: never, or not told"),
            Column("is_enabled", "flag", "Whether it works"),
        ),
    ),
    Table(
        "agent_actions",
        "something an AI agent or automation did, or tried to do",
        "action_id",
        (
            Column("occurred_at", "instant", "When it happened", required=True),
            Column(
                "account_id", "text", "Which machine did it; missing where the source does not tell", ref="accounts"
            ),
            Column("for_account_id", "text", "On whose behalf, where the source tells", ref="accounts"),
            Column("client_id", "text", "In whose environment", ref="clients"),
            Column("ticket_id", "text", "For which ticket", ref="tickets"),
            Column("tool", "text", "Operation or tool as the source names it", required=True),
            Column("outcome", "text", "`done`, `failed`, `refused` or `asked`; missing where not told"),
            Column("decision_id", "text", "Decision of the gate it went through; missing for acts outside it"),
            Column("duration_seconds", "real", "How long it took"),
            Column("tokens_count", "integer", "Tokens of language models used for it"),
        ),
    ),
)
