"""Invented firms with planted truth, for demos, tests and studies. Nobody in them exists."""

from cadre.simulator.bulk import bulk_events
from cadre.simulator.simulation import simulate, truth
from cadre.simulator.world import WORLDS, World, load_world

__all__ = ["WORLDS", "World", "bulk_events", "load_world", "simulate", "truth"]
