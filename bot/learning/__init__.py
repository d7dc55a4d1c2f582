"""Learning from the city: which added rows to trust, whether a new classifier may be used, and when to train."""
