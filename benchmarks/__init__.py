"""Measurements, each a command: `python -m benchmarks` and `python -m benchmarks.retrieval`."""
