"""Clubroom: a home for clubs. See docs/ for how the house is built."""

__version__ = "0.1.0"
