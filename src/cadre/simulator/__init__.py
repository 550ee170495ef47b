"""Invented firms with planted truth, for demos, tests and studies. Nobody in them exists.

How a firm comes about, each step in the module named:

1. `world`: all numbers, explained in `sections` and `habits`, from `worlds/*.toml`. `[traces]` says how strongly
   traits move behaviour at all.
2. `traits`: craft and leading per person, loosely correlated; facets of both; labels for those who fit them best.
3. `roster`: people in teams, seniors and leads (chosen mostly by craft), clients, working hours, leaves; `roster_rows`
   writes them, with an account per person and system whose owner has to be found by e-mail or name.
4. Day by day: `tickets` arrive and change hands, `casework` happens on them, `chat` asks and answers, `incidents` and
   `meetings` are held, `articles` are linked, and in the gamed world `gaming` is played.
5. `grammar` puts it into words from `words/*.toml`, drawn apart from what happens.

`simulate` yields the rows, `truth` what was planted, `bulk_events` a plainer record by the hundred million.
"""

from cadre.simulator.bulk import bulk_events
from cadre.simulator.simulation import simulate, truth
from cadre.simulator.world import WORLDS, World, load_world

__all__ = ["WORLDS", "World", "bulk_events", "load_world", "simulate", "truth"]
