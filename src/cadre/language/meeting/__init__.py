"""Meetings: what each stretch of talk does, which answers which, and who steers, from words and times alone."""
