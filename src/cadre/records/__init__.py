"""Canonical tables (schemas, keys, units): one vocabulary for every source."""

from cadre.records.derivation import Derived
from cadre.records.derived import DERIVED, DERIVED_BY_NAME, READ
from cadre.records.firm import Firm
from cadre.records.schema import ANY, HASHED, Column, Table
from cadre.records.tables import BY_NAME, TABLES, VERSION

__all__ = [
    "ANY",
    "BY_NAME",
    "DERIVED",
    "DERIVED_BY_NAME",
    "HASHED",
    "READ",
    "TABLES",
    "VERSION",
    "Column",
    "Derived",
    "Firm",
    "Table",
]
