"""Workspaces of other versions: what opens, what is brought up to date, what is refused.

A column that a newer version adds needs no step: it reads as missing in rows written before it (`snapshot.view_sql`), and
every load writes the present schema. A renamed or retyped column needs one: raise `records.VERSION` and rewrite the table
here, under the lock, before the next load. A workspace made by a newer Cadre is refused, since what it means is unknown.
"""

from cadre.errors import UsageError
from cadre.records import VERSION
from cadre.warehouse.manifest import Manifest


def check_schema(manifest: Manifest) -> None:
    """Refuse a record that a newer version wrote.

    Raises:
        UsageError: Its schema version is above this version's.
    """
    if manifest.schema_version > VERSION:
        raise UsageError(
            f"this workspace has schema version {manifest.schema_version}, and this Cadre knows {VERSION}",
            hint="Install the newer Cadre that wrote it; nothing was changed.",
        )
