"""Signing in by an issuer that the host has named (docs/decisions/0049)."""
