"""A club as a whole: how it looks, how it ends, and what was done in it."""
