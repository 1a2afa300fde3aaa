"""Faults injected for real, under load, and a checker that knows nothing but the protocol."""
