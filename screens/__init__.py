"""Takes the pictures in docs/screens/ from a real Clubroom in a real browser: `make screens`."""
