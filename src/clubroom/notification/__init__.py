"""The only room that knows who is online: sockets' protocol, live delivery, resume, presence, pointers."""
