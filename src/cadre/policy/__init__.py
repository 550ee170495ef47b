"""Who may see what, as Cedar policies, and the engine that decides by them."""
