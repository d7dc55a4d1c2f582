"""Benchmarks: ``python -m tests.bench [NAME …]``. They print ratios, because this machine's seconds mean little."""
