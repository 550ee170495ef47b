"""Fairness: rates by declared group, proxies among the signals, leaks, and the audit that tells them in plain words."""
