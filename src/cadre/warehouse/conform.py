"""Raw rows to stored rows, in SQL: keys hashed or namespaced, local time added, content digested.

Keeps true: a person's key never reaches the record unhashed; an erased account's hash becomes its tombstone; the
digest covers what the source said and nothing of the load, so equal content is equal whenever it comes.
"""

import hashlib
from collections.abc import Mapping

from cadre.records import ANY, HASHED, Table
from cadre.records.schema import FILLED, Column

_HASH_CHARS = 24
"""96 bits: no two of a billion accounts are expected to meet."""


def conform_sql(table: Table, staged: str) -> str:
    """A SELECT that turns staged rows into stored ones, with `seq` and without load columns.

    Args:
        table: The canonical table.
        staged: Name of the relation with the staged rows.

    Returns:
        SQL with the named parameters `source`, `secret`, `zone` and the macro `tomb(key)` in scope.
    """
    key = _id("external_id", table.name)
    parts = [f"{key} AS {table.key}"]
    parts += [f"{_value(column, table)} AS {column.name}" for column in table.columns]
    if table.is_fact:
        parts.append("timezone($zone, occurred_at) AS local_at")
    stored_id = _id("external_id", table.name) if table.name in HASHED else "external_id"
    parts += [
        "$source AS source",
        f"{stored_id} AS external_id",
        "revised_at", "source_file", "source_line",
        f"{digest_sql(table, {c.name: _value(c, table) for c in table.columns})} AS content_digest",
        "seq",
    ]  # fmt: skip
    return f"SELECT {', '.join(parts)} FROM {staged}"


def digest_sql(table: Table, values: Mapping[str, str] = {}) -> str:
    """SQL of a row's content digest: 63 bits over what the source said, in stored form.

    Args:
        table: The canonical table.
        values: Column -> SQL of its stored value, where the relation at hand does not hold that yet.
    """
    parts = (f"coalesce(({values.get(c.name, c.name)})::VARCHAR, chr(30))" for c in (*FILLED[1:], *table.columns))
    return f"(md5_number_lower(concat_ws(chr(31), {', '.join(parts)})) >> 1)::BIGINT"


def _value(column: Column, table: Table) -> str:
    if column.ref is None:
        return f"nullif(trim({column.name}), '')" if column.kind == "text" and not table.private else column.name
    if column.kind == "texts":
        item = _id("item", column.ref)
        return f"list_transform({column.name}, lambda item: {item})"
    if column.ref == ANY:
        return f"$source || '/' || {column.name}"
    return _id(f"nullif({column.name}, '')", column.ref)


def _id(expression: str, ref: str) -> str:
    if ref in HASHED:
        prefix = "a" if ref == "accounts" else "p"
        digest = f"substr(sha256($secret || '{prefix}' || $source || chr(31) || {expression}), 1, {_HASH_CHARS})"
        return f"tomb('{prefix}_' || {digest})"
    return f"$source || '/' || {expression}"


def key_of(secret: str, source: str, table: str, raw: str) -> str:
    """The stored key of a record whose raw key is known; the same that `conform_sql` makes.

    Args:
        secret: The workspace's key.
        source: Name of the source instance.
        table: Its table.
        raw: The key as the source writes it.
    """
    if table not in HASHED:
        return f"{source}/{raw}"
    prefix = "a" if table == "accounts" else "p"
    digest = hashlib.sha256(f"{secret}{prefix}{source}\x1f{raw}".encode()).hexdigest()
    return f"{prefix}_{digest[:_HASH_CHARS]}"
