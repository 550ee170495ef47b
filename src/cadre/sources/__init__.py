"""Connectors, one file a system; `SOURCES` is the registry."""

from cadre.sources.source import Batch, Folded, Item, ReadOptions, Record, Rejected, Source, SourceFile

SOURCES: tuple[Source, ...] = ()

__all__ = ["SOURCES", "Batch", "Folded", "Item", "ReadOptions", "Record", "Rejected", "Source", "SourceFile"]
