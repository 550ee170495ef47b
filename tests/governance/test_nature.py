import hashlib
import json
from pathlib import Path

import pytest

from cadre.governance import danger as danger_module
from cadre.governance.action import Action, Blast, Effect, Tool
from cadre.governance.danger import danger, features, grants_by_words
from cadre.governance.nature import nature


@pytest.mark.parametrize(
    ("name", "description", "effects"),
    [
        ("list_tickets", "List the open tickets.", {Effect.READ}),
        ("open_url", "Fetch the text of a web page.", {Effect.READ}),
        ("delete_mailbox", "", {Effect.DESTROY}),
        ("send_money", "Sends a transaction to the recipient.", {Effect.PAY}),
        ("isolateDevice", "Isolate a device.", {Effect.PROTECT}),
        ("release_device", "Release a device from isolation.", {Effect.UNPROTECT, Effect.PUBLISH}),
        ("xq_17", "Grants a person full access to a mailbox.", {Effect.GRANT}),
        ("get_notes", "Deletes all notes.", {Effect.READ, Effect.DESTROY}),
        ("zorblat", "Frumious bandersnatch.", set()),
        ("return_parcel", "Return a parcel.", {Effect.CHANGE}),
        ("return_results", "Return the results of a search.", {Effect.READ}),
        ("mailroom_key_grant", "", {Effect.GRANT}),
        ("access_bestow", "", {Effect.GRANT}),
        ("survey_delete", "Shows which surveys there are.", {Effect.DESTROY}),
        ("list_append", "", {Effect.CREATE}),
        ("list_commit", "Lists the last commit of a branch.", {Effect.READ}),
        ("depot_log", "Shows what was written down last.", {Effect.READ}),
        ("depot_log", "", {Effect.CREATE}),
        ("stock_read_query", "Execute a SELECT query on the stock and return its rows.", {Effect.READ}),
        ("stock_query", "Execute a statement on the stock.", {Effect.READ, Effect.EXECUTE}),
        ("who_is_on_call", "", {Effect.READ}),
        ("thaw_soup", "", {Effect.CHANGE}),
        ("x42", "Redeems a gift card.", {Effect.CHANGE, Effect.PAY}),
        ("clear_temp_files", "", {Effect.CHANGE}),
        ("clear_files", "", {Effect.DESTROY}),
        ("start_boiler", "", {Effect.CHANGE}),
        ("start_script", "", {Effect.CHANGE, Effect.EXECUTE}),
        ("change_folder", "Changes the current working directory.", {Effect.READ}),
        (
            "x43",
            "This tool belongs to the greenhouse, which allows people to water plants. Lists the beds.",
            {Effect.READ},
        ),
        ("x44", "A greenhouse that lets you sow and water. Tool description: Lists the beds.", {Effect.READ}),
        ("x45", "An orchard tool designed to delete crates, checked or not.", {Effect.DESTROY}),
        ("x46", "A service that counts crates.", {Effect.READ}),
        ("x47", "Manage what reviewers check in an orchard.", {Effect.CHANGE, Effect.READ}),
        ("x41", "Return a parcel. Its status will be changed to 'underway'.", {Effect.CHANGE}),
    ],
)
def test_effects_come_from_name_and_description_the_worst_counting(
    name: str, description: str, effects: set[Effect]
) -> None:
    assert effects == set(nature(Action(Tool(name, description))).effects)


def test_a_code_of_a_place_is_no_program() -> None:
    told = [{"zip": {"description": "The zip code."}}, {"country_code": {}}, {"code": {"description": "What to run."}}]
    tools = [Tool("update_address", "Update an address.", {"properties": some}) for some in told]

    assert [False, False, True] == [Effect.EXECUTE in nature(Action(tool)).effects for tool in tools]


def test_a_hint_raises_and_never_lowers() -> None:
    lowered = nature(Action(Tool("delete_user", "", {}, {"readOnlyHint": True, "destructiveHint": False})))
    raised = nature(Action(Tool("get_user", "", {}, {"readOnlyHint": False})))

    assert ({Effect.DESTROY}, {Effect.READ, Effect.CHANGE}) == (set(lowered.effects), set(raised.effects))


def test_reach_is_read_from_wildcards_and_lists() -> None:
    tool = Tool("delete_files")
    told = [{"path": "/tmp/a"}, {"path": ["a", "b"]}, {"ids": list(range(50))}, {"path": "*"}]

    assert [Blast.ONE, Blast.SEVERAL, Blast.MANY, Blast.ALL] == [
        nature(Action(tool, some)).blast_radius for some in told
    ]


def test_danger_is_higher_for_what_destroys_and_certain_for_what_nobody_knows() -> None:
    reads, destroys, unknown = (danger(name)[0].probability for name in ("get_user", "delete_user", "zorblat"))

    assert (True, True) == (reads < 0.3, destroys > 0.8)
    assert (1.0, True) == (unknown, "reads" in features("get_user"))


def test_the_model_says_which_parts_weigh_most() -> None:
    assert any("destroy" in part or "ruin" in part or "delete" in part for part in danger("delete_user")[1])


def test_permissions_are_known_by_words_alone() -> None:
    assert (True, False) == (grants_by_words("PutRolePolicy"), grants_by_words("GetRolePolicy"))


def test_the_shipped_model_learned_from_the_lexicon_that_ships() -> None:
    here = Path(danger_module.__file__).parent
    card = json.loads((here / "models" / "danger_card.json").read_text("utf-8"))

    # after a change of the lexicon: training/severity.py --data DATA --write
    assert card["lexicon_sha256"] == hashlib.sha256((here / "lexicon.toml").read_bytes()).hexdigest()
