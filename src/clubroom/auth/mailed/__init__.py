"""What somebody does by a link in a letter, without being signed in."""
