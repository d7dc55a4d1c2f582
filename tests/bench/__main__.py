"""Runs the benchmarks named on the command line, or all."""

from __future__ import annotations

import sys

from tests.bench import (
    acknowledgement,
    console,
    digests,
    lists,
    network,
    open,
    opinion,
    pages,
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
    "pages": pages.main,
    "console": console.main,
    "acknowledgement": acknowledgement.main,
    "throughput": throughput.main,
    "open": open.main,
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
