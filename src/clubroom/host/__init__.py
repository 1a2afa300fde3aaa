"""Whoever runs the place: which clubs there are, how large it all is, how long messages are kept."""
