"""Real programs of others, between which and Clubroom nothing is made up."""
