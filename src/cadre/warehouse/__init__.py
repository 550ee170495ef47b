"""The work record on Delta tables, read by in-process DuckDB through Ibis; the only user of duckdb and deltalake."""

from cadre.warehouse.derive import Derivation
from cadre.warehouse.load import Load, LoadCount, LoadFile
from cadre.warehouse.manifest import Manifest
from cadre.warehouse.snapshot import Snapshot
from cadre.warehouse.staging import Collector
from cadre.warehouse.warehouse import Warehouse

__all__ = ["Collector", "Derivation", "Load", "LoadCount", "LoadFile", "Manifest", "Snapshot", "Warehouse"]
