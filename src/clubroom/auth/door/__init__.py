"""Who comes in: a club's codes, those who ask to be let in, those who are kept out."""
