"""Use cases that change state: load, change, record."""
