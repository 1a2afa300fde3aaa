"""Cloudflare's edge, as its own tools run it on one computer."""
