"""What the first link of a message shows (docs/decisions/0046)."""
