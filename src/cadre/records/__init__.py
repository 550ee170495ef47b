"""Canonical tables (schemas, keys, units): one vocabulary for every source."""

from cadre.records.schema import ANY, HASHED, Column, Table
from cadre.records.tables import BY_NAME, TABLES, VERSION

__all__ = ["ANY", "BY_NAME", "HASHED", "TABLES", "VERSION", "Column", "Table"]
