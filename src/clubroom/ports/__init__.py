"""The sockets in the wall: each folder states a contract in `__init__.py`, its adapters stand beside it."""
