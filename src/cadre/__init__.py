"""Cadre: the system that leaders of managed service providers run on."""

__version__ = "0.1.0"
