"""Estimates over signals: transparent, with intervals, sealed until released."""

from cadre.readiness.assessment import ESTIMATES, Assessment, assess

__all__ = ["ESTIMATES", "Assessment", "assess"]
