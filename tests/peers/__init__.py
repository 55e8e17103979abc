"""Real servers that can be run on this machine, for `make peers`: they are fetched, started and stopped."""
