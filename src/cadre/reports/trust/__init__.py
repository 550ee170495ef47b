"""Why believe it: what is covered, what repeats, what studies found, whether it is fair."""
