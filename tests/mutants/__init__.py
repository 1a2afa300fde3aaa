"""Mutants: small mistakes put into a copy of the product, each of which some test must notice."""
