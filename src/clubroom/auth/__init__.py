"""Auth: sign in, tokens, create a club, join a club. It proves who somebody is and says so in a token."""
