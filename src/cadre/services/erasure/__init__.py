"""Erasing a person: from the record, from what was written beside it, from the audit log."""
