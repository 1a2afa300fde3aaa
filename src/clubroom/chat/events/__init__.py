"""Events: what they are, when they take place, who comes."""
