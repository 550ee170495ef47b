"""The gate served on a socket of its own, for programs that speak HTTP."""

from contextlib import AbstractContextManager

from tests.serving import serving
from tests.web.gate import Gate


def served(gate: Gate) -> AbstractContextManager[str]:
    """Its address while it is served."""
    return serving(gate.app)
