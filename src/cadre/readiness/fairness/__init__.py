"""Fairness: rates by declared group, proxies among the signals, leaks, and the audit that tells them in plain words."""

from cadre.readiness.fairness.audit import Audit, Evidence, audit
from cadre.readiness.fairness.leak import Checked, Refusal, refuse_leak

__all__ = ["Audit", "Checked", "Evidence", "Refusal", "audit", "refuse_leak"]
