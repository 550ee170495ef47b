"""Who asks: principals; accounts, sessions and invitations join them when sign-in is built."""
