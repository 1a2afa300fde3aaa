"""What people try who mean no good (docs/reliability.md, abuse), against the whole server."""
