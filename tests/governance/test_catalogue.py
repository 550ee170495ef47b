import pytest

from cadre.governance.action import Action, Tier, Tool
from cadre.governance.catalogue import default, matched, row
from cadre.governance.nature import nature, reading
from cadre.governance.tier import RULES, derived


def named(name: str, description: str = "") -> str:
    found = matched(reading(Tool(name, description)), name)
    return found.name if found else ""


def test_the_default_catalogue_is_whole() -> None:
    rows = default()
    names = [one.name for one in rows]

    assert (len(names), True) == (len(set(names)), len(names) >= 40)
    assert [] == [one.name for one in rows if one.undo and one.undo not in names]
    assert [] == [one.name for one in rows if one.asked > one.tier or not one.why]


def test_protective_acts_are_quick_and_their_undoing_is_not() -> None:
    rows = {one.name: one for one in default()}
    pairs = [(one, rows[one.undo]) for one in rows.values() if one.protective and one.undo]

    assert len(pairs) >= 8
    assert [] == [one.name for one, undo in pairs if undo.tier < one.tier or undo.asked < one.asked]


@pytest.mark.parametrize(
    ("name", "description", "expected"),
    [
        ("reset_password", "Reset the password of an account.", "password-reset"),
        ("deleteMailbox", "", "account-delete"),
        ("xq1", "Isolates a device from the network.", "device-isolate"),
        ("unisolate_host", "", "device-release"),
        ("run_powershell", "Runs a script on a device.", "script-run"),
        ("purge_backups", "", "backup-delete"),
        ("clear_audit_log", "", "log-delete"),
        ("remap_printer", "", "printer-map"),
        ("add_firewall_rule", "", "firewall-change"),
        ("restart_server", "", "server-restart"),
        ("get_weather", "", ""),
    ],
)
def test_a_row_is_found_by_what_the_tool_does(name: str, description: str, expected: str) -> None:
    assert expected == named(name, description)


def test_a_clients_row_comes_before_the_firms_and_the_default() -> None:
    told = {"name": "own", "verbs": "restart", "things": "server", "why": "Agreed."}
    firm, client = row(told | {"tier": "notify"}), row(told | {"tier": "autonomous", "client": "c1"})
    found = [
        matched(reading(Tool("restart_server")), "restart_server", (firm, client), whose) for whose in ("c1", "c2")
    ]

    assert [Tier.AUTONOMOUS, Tier.NOTIFY] == [one.tier for one in found if one]


def test_a_row_may_name_one_tool() -> None:
    told = row({"name": "one", "tool": "frobnicate", "tier": "notify", "why": "Tried."})

    assert told is matched(reading(Tool("frobnicate")), "frobnicate", (told,))
    assert matched(reading(Tool("frobnicate2")), "frobnicate2", (told,)) is None


def test_without_a_row_the_strictest_effect_counts() -> None:
    what = nature(Action(Tool("zorblat")))

    assert (Tier.APPROVE, Tier.APPROVE) == (
        derived(what, None, is_asked=True)[0],
        derived(what, None, is_asked=False)[0],
    )
    assert [] == [effect for effect, rule in RULES.items() if rule.asked > rule.tier]


def test_everything_at_once_asks_two() -> None:
    what = nature(Action(Tool("delete_files"), {"path": "*"}))

    assert Tier.FOUR_EYES is derived(what, None, is_asked=True)[0]
