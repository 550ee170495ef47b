"""Signals: pure lazy Ibis, one family a file; `SIGNALS` is the registry."""

from cadre.signals.signal import Signal, Tables, Window

SIGNALS: tuple[Signal, ...] = ()

__all__ = ["SIGNALS", "Signal", "Tables", "Window"]
