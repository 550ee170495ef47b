"""Who asks: principals and what their roles may change; passwords, secrets and the slowing of guesses. No database."""
