"""Deleting files that nothing names any more; called with the write lock held, after a manifest was published.

Keeps true: what a kept manifest or an open reader names stays. Of derived tables only the newest state and what open
readers see is kept, since they can be computed again from the record of any kept manifest.
"""

import json
from collections import defaultdict

from cadre.warehouse import manifest as manifests
from cadre.warehouse.layout import IN_RECORD, Layout
from cadre.warehouse.manifest import Manifest
from cadre.warehouse.snapshot import open_leases, stored_schemas


def tidy(layout: Layout) -> int:
    """Delete the data files that neither a kept manifest nor an open reader names.

    Returns:
        Files deleted. One that is held open elsewhere (Windows) is left for the next time.
    """
    kept = [manifests.read(path) for path in layout.manifests.glob("[0-9]*.json")]
    newest = max(kept, key=lambda each: each.number, default=Manifest())
    leased = {json.loads(lease.read_text("ascii"))["manifest"] for lease in open_leases(layout)}
    named: dict[str, set[str]] = defaultdict(set)
    for each in kept:
        for name, state in each.tables.items():
            if name in IN_RECORD or each.number == newest.number or each.number in leased:
                named[name].update(state.files)
    deleted = 0
    for name in stored_schemas():
        for path in layout.table(name).glob("*.parquet"):
            if path.name not in named[name]:
                try:
                    path.unlink()
                except OSError:
                    continue
                deleted += 1
    return deleted
