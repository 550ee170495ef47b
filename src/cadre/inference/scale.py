"""Working scales on which values are shrunk and intervals are symmetric, and the way back."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["logit", "log", "identity"]
Floats = NDArray[np.float64]


def forward(values: Floats, scale: Scale) -> Floats:
    """Values in their unit to the working scale; the ends of `logit` and `log` must have been kept off by the caller."""
    match scale:
        case "logit":
            return np.asarray(np.log(values / (1 - values)))
        case "log":
            return np.asarray(np.log(values))
        case "identity":
            return values


def back(values: Floats, scale: Scale) -> Floats:
    """Values on the working scale to their unit."""
    match scale:
        case "logit":
            return np.asarray(1 / (1 + np.exp(-values)))
        case "log":
            return np.asarray(np.exp(values))
        case "identity":
            return values
