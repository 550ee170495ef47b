import tomllib
from dataclasses import fields, is_dataclass

import pytest

from cadre.errors import NotFoundError, UsageError
from cadre.simulator import WORLDS, habits, load_world, sections
from cadre.simulator.grammar import topics
from cadre.simulator.world import FOLDER, merged, world_of


def common():
    data = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
    return merged(data, {"name": "trial", "about": "Invented. For a test."})


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_loads_and_says_that_it_is_invented(name):
    world = load_world(name)

    assert name == world.name
    assert world.about.startswith("Invented.")


def test_every_committed_file_is_a_world():
    assert {*WORLDS, "common"} == {path.stem for path in FOLDER.glob("*.toml")}


def test_an_unknown_world_is_refused_with_the_known_ones():
    with pytest.raises(NotFoundError) as error:
        load_world("kind")

    assert "helpful" in error.value.hint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"charm": 1.0}, "world: unknown key 'charm'"),
        ({"traces": {"charm": 1.0}}, "world.traces: unknown key 'charm'"),
        ({"traces": {"leading": "much"}}, "world.traces.leading: expected float, got str"),
        ({"categories": [{"name": "dns"}]}, r"world.categories\[0\]: missing key 'difficulty'"),
        ({"teams": {}}, "world.teams: expected a list"),
    ],
)
def test_a_broken_world_is_refused_where_it_breaks(change, message):
    with pytest.raises(UsageError, match=message):
        world_of(merged(common(), change) if "teams" not in change else {**common(), **change})


def test_a_missing_section_is_refused():
    data = common()
    del data["gaming"]

    with pytest.raises(UsageError, match="world: missing key 'gaming'"):
        world_of(data)


def test_null_moves_nothing_and_gamed_plays():
    null, gamed = load_world("null"), load_world("gamed")

    assert (0.0, 0.0) == (null.traces.leading, null.traces.craft)
    assert 0 == load_world("helpful").gaming.share < gamed.gaming.share


def test_every_topic_of_a_world_has_its_words():
    assert {category.name for category in load_world("helpful").categories} <= topics().keys()


def test_every_number_of_a_world_is_explained():
    found = [
        kind
        for kind in (*vars(sections).values(), *vars(habits).values())
        if isinstance(kind, type) and is_dataclass(kind)
    ]
    missing = [(kind.__name__, f.name) for kind in found for f in fields(kind) if f"`{f.name}`" not in kind.__doc__]

    assert len(found) == 16
    assert [] == missing
