"""What an agent's act does, which tier it falls in, and whether it may go ahead: pure, no database, no policy engine."""
