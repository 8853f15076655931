"""Benchmarks that compare figures within one run. `make bench` runs them; `make test` doesn't."""
