"""People: one, all, oneself, and what people say of what is shown."""
