"""Estimates over signals: transparent, with intervals, sealed until released."""

from cadre.readiness.assessment import Assessment, assess
from cadre.readiness.competency import COMPETENCIES, Competency

__all__ = ["COMPETENCIES", "Assessment", "Competency", "assess"]
