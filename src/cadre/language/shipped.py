"""Models that ship with the package: arrays or text beside a card, never anything that runs when it is opened.

Keeps true: a model is used only with the feature schema it was trained on, and only if its file is the one its card
names (SHA-256); the card says the recipe, the data with its credit and licence, and the figures.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cadre.errors import CadreError

_HERE = files("cadre.language") / "models"


class ModelMismatchError(CadreError):
    """A shipped model and the code that reads it were not made for each other."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a model says of itself.

    Attributes:
        name: Its file's stem.
        schema: Version of the features it was trained on.
        version: Written beside everything it annotates; changes with every training.
        told: The whole card: recipe, data, licences, figures.
    """

    name: str
    schema: int
    version: str
    told: dict[str, Any]


@cache
def card(name: str) -> Card:
    """The card of a shipped model.

    Raises:
        ModelMismatchError: There is no such model.
    """
    try:
        told = json.loads((_HERE / f"{name}.json").read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelMismatchError(
            f"The model {name!r} is not in this installation.",
            hint="Install cadre again, or train it: training/README.md.",
        ) from error
    return Card(name, int(told["schema"]), str(told["version"]), told)


def _bytes(name: str, ending: str, schema: int) -> bytes:
    known = card(name)
    if known.schema != schema:
        raise ModelMismatchError(
            f"The model {name!r} was trained on feature schema {known.schema}; this code makes schema {schema}.",
            hint="Train it again with its recipe: training/README.md.",
        )
    try:
        data = (_HERE / f"{name}.{ending}").read_bytes()
    except FileNotFoundError as error:
        raise ModelMismatchError(f"The file of the model {name!r} is missing.", hint="Install cadre again.") from error
    if hashlib.sha256(data).hexdigest() != known.told["sha256"]:
        raise ModelMismatchError(
            f"The file of the model {name!r} is not the one its card names.", hint="Install cadre again."
        )
    return data


@cache
def arrays(name: str, schema: int) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a shipped model, by name.

    Raises:
        ModelMismatchError: Another feature schema, a missing or a changed file.
    """
    from io import BytesIO

    with np.load(BytesIO(_bytes(name, "npz", schema)), allow_pickle=False) as opened:
        return {key: opened[key] for key in opened.files}


@cache
def session(name: str, schema: int) -> Any:
    """An ONNX Runtime session of a shipped model, which takes one array and gives one.

    Raises:
        ModelMismatchError: Another feature schema, a missing or a changed file.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1  # several processes read side by side; sums do not depend on how many
    return onnxruntime.InferenceSession(_bytes(name, "onnx", schema), options, providers=["CPUExecutionProvider"])


def save(directory: Path, name: str, data: bytes, ending: str, told: dict[str, Any]) -> None:
    """Write a trained model and its card; `told` holds schema, recipe, data, licences and figures."""
    digest = hashlib.sha256(data).hexdigest()
    (directory / f"{name}.{ending}").write_bytes(data)
    whole = {"name": name, "version": f"{name}-{digest[:8]}", "sha256": digest, **told}
    (directory / f"{name}.json").write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")


def packed(values: dict[str, npt.NDArray[Any]]) -> bytes:
    """Arrays as the bytes of a compressed npz file."""
    from io import BytesIO

    out = BytesIO()
    np.savez_compressed(out, **values)  # type: ignore[arg-type]
    return out.getvalue()
