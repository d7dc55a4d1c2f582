"""Runs the benchmarks named on the command line, or all."""

from __future__ import annotations

import sys

from tests.bench import (
    acknowledgement,
    digests,
    lists,
    network,
    opinion,
    routing,
    similar,
    throughput,
    understanding,
)

ALL = {
    "understanding": understanding.main,
    "routing": routing.main,
    "similar": similar.main,
    "lists": lists.main,
    "acknowledgement": acknowledgement.main,
    "throughput": throughput.main,
    "opinion": opinion.main,
    "network": network.main,
    "digests": digests.main,
}

if __name__ == "__main__":
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(ALL)}")
    for name in names:
        ALL[name]()
