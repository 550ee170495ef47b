"""The audit log: its state, and what of it needs somebody."""
