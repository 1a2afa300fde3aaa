"""Live delivery, sessions, coming back."""
