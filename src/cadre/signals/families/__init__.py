"""Signals by family, one file each."""
