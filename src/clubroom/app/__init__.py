"""Where the house is put together: settings, the choice of adapters, one process, the `clubroom` command."""
