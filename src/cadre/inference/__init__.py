"""Intervals, shrinkage and scales: arrays in, arrays out."""
