"""One's own account: profile, address, password by mail, devices."""
