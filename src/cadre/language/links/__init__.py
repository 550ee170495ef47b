"""Reply links: for each turn the turn it answers, or that it starts a conversation, with a probability."""
