import hashlib
import json
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cadre.language import shipped
from cadre.language.shipped import ModelMismatchError

MODELS = Path(str(shipped._HERE))
FILES = sorted(path.name for path in MODELS.iterdir() if path.suffix != ".json")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Models are read from an empty folder, and nothing that was read stays in memory."""
    monkeypatch.setattr(shipped, "_HERE", tmp_path)
    reads = (shipped.card, shipped.arrays, shipped.session)
    for each in reads:
        each.cache_clear()
    yield tmp_path
    for each in reads:
        each.cache_clear()


def saved(folder: Path, **values: object) -> None:
    data = shipped.packed({name: np.asarray(value) for name, value in values.items()})
    shipped.save(folder, "small", data, "npz", {"schema": 3, "recipe": "here"})


def test_what_is_saved_is_read_back(folder: Path) -> None:
    saved(folder, weight=[1.5, 2.5])

    assert [1.5, 2.5] == shipped.arrays("small", 3)["weight"].tolist()
    assert ("small", 3, "here") == (
        *(getattr(shipped.card("small"), x) for x in ("name", "schema")),
        shipped.card("small").told["recipe"],
    )
    assert shipped.card("small").version.startswith("small-")


def test_another_training_is_another_version(folder: Path) -> None:
    saved(folder, weight=[1.5])
    first = shipped.card("small").version
    shipped.card.cache_clear()
    saved(folder, weight=[1.6])

    assert first != shipped.card("small").version


def test_a_changed_file_is_refused(folder: Path) -> None:
    saved(folder, weight=[1.5])
    path = folder / "small.npz"
    path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(ModelMismatchError, match="not the one its card names") as caught:
        shipped.arrays("small", 3)
    assert caught.value.hint


def test_another_feature_schema_is_refused(folder: Path) -> None:
    saved(folder, weight=[1.5])

    with pytest.raises(ModelMismatchError, match="schema 3; this code makes schema 4") as caught:
        shipped.arrays("small", 4)
    assert caught.value.hint


def test_a_missing_model_is_refused(folder: Path) -> None:
    with pytest.raises(ModelMismatchError, match="'small' is not in this installation"):
        shipped.card("small")


def test_a_card_whose_file_is_missing_is_refused(folder: Path) -> None:
    saved(folder, weight=[1.5])
    (folder / "small.npz").unlink()

    with pytest.raises(ModelMismatchError):
        shipped.arrays("small", 3)


class Trap:
    """Says so if anything opens it."""

    sprung = False

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return Trap.spring, ()

    @staticmethod
    def spring() -> None:
        Trap.sprung = True


def test_arrays_that_would_run_code_when_opened_are_not_opened(folder: Path) -> None:
    saved(folder, weight=np.array([Trap()], object))

    with pytest.raises(ValueError, match="allow_pickle"):
        shipped.arrays("small", 3)
    assert not Trap.sprung


def test_a_pickle_named_like_arrays_is_not_opened(folder: Path) -> None:
    shipped.save(folder, "small", pickle.dumps(Trap()), "npz", {"schema": 3})

    with pytest.raises(ValueError, match="allow_pickle"):
        shipped.arrays("small", 3)
    assert not Trap.sprung


def test_an_onnx_file_of_another_schema_is_refused_before_it_is_opened(folder: Path) -> None:
    shutil.copy(MODELS / "links_first.json", folder)
    (folder / "links_first.onnx").write_bytes(b"no model")

    with pytest.raises(ModelMismatchError):
        shipped.session("links_first", 99)
    with pytest.raises(ModelMismatchError):
        shipped.session("links_first", shipped.card("links_first").schema)


def test_there_are_models() -> None:
    assert {"acts.npz", "links_first.onnx", "links_second.onnx", "links_words.npz"} <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_model_is_small_and_of_a_form_that_runs_nothing(file: str) -> None:
    path = MODELS / file

    assert path.stat().st_size < 5_000_000
    assert path.suffix in {".npz", ".onnx"}
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as opened:
            assert all(opened[name].dtype != object for name in opened.files)


@pytest.mark.parametrize("file", FILES)
def test_every_model_has_a_card_that_says_where_it_comes_from_and_how_good_it_is(file: str) -> None:
    path = MODELS / file
    told = json.loads(path.with_suffix(".json").read_text("utf-8"))

    assert {"name", "version", "schema", "sha256", "recipe", "data", "figures"} <= set(told)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]
    assert (path.stem, f"{path.stem}-{told['sha256'][:8]}") == (told["name"], told["version"])
    assert (Path(__file__).parents[2] / told["recipe"]).is_file()
    assert told["figures"]
    assert told["data"]
    assert all(each["what"] and each["licence"] for each in told["data"])


def test_every_card_has_its_model() -> None:
    assert {path.stem for path in MODELS.glob("*.json")} == {Path(file).stem for file in FILES}
