"""Tokens for gateways that only read (docs/decisions/0050): asked for, signed with a key of their own."""
