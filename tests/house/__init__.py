"""A whole Clubroom for tests: the real server on the real database, and people who use it."""
