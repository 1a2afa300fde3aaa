"""Images and documents: their ways into the store and out of it (docs/decisions/0042)."""
