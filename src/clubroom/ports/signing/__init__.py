"""How calls of others are signed with our keys."""
