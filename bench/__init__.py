"""What is claimed about speed, measured. `make bench` runs it; docs/bench.md says what each figure means."""
