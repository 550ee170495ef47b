"""Signals: pure lazy Ibis, one family a file; `SIGNALS` is the registry."""

from cadre.signals.families import craft, delegation, mentoring, responsiveness
from cadre.signals.signal import Signal, Tables, Window

SIGNALS: tuple[Signal, ...] = (
    *responsiveness.SIGNALS,
    *mentoring.SIGNALS,
    *delegation.SIGNALS,
    *craft.SIGNALS,
)

__all__ = ["SIGNALS", "Signal", "Tables", "Window"]
