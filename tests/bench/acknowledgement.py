"""How fast a webhook is acknowledged, durably, against the SDK's README echo bot under the same gunicorn settings."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import load, servers

ROUNDS = 5
REQUESTS = 6000
CONNECTIONS = 8


@contextmanager
def _contestants(stack: ExitStack, urls: dict[str, str], line_url: str) -> Iterator[dict[str, tuple[int, str, int]]]:
    """Name → port, path, process; all run at once, measured one at a time in turn."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    found: dict[str, tuple[int, str, int]] = {}
    for name, factory, env, path in (
        ("echo without reply", "echo", {}, "/callback"),
        ("echo with reply", "echo", {"BENCH_LINE": line_url}, "/callback"),
        ("saan on sqlite", "saan", servers.environment(urls["sqlite"], line_url, folder), "/line/webhook"),
        ("saan on postgresql", "saan", servers.environment(urls["postgresql"], line_url, folder), "/line/webhook"),
    ):
        port, pid = stack.enter_context(servers.gunicorn(factory, env))
        found[name] = (port, path, pid)
    yield found


def main() -> None:
    """Print rates, ratios and memory."""
    with ExitStack() as stack:
        urls = stack.enter_context(servers.databases())
        line_url = stack.enter_context(servers.line())
        with _contestants(stack, urls, line_url) as contestants:
            rates = _measure(contestants)
            _print(rates, {name: servers.memory_mib(pid) for name, (_, _, pid) in contestants.items()})


def _measure(contestants: dict[str, tuple[int, str, int]]) -> dict[str, list[load.Measured]]:
    runs: dict[str, list[load.Measured]] = {name: [] for name in contestants}
    for number in range(ROUNDS + 1):
        for name, (port, path, _) in contestants.items():
            measured = load.run(port, path, REQUESTS if number else 600, connections=CONNECTIONS)
            if measured.refused:
                raise SystemExit(f"{name}: {measured.refused} requests were refused")
            if number:  # the first round only warms up
                runs[name].append(measured)
    return runs


def _print(runs: dict[str, list[load.Measured]], memory: dict[str, float]) -> None:
    rate = {name: statistics.median(run.rate for run in each) for name, each in runs.items()}
    print("acknowledgement (gunicorn " + " ".join(servers.GUNICORN[:6]) + f", {2 * CONNECTIONS} connections)")
    for name, each in runs.items():
        median = statistics.median(run.median_ms for run in each)
        slowest = max(run.slowest_ms for run in each)
        print(
            f"  {name:20} {rate[name]:7.0f} requests/s   median {median:5.1f} ms   slowest {slowest:6.1f} ms"
            f"   {memory[name]:5.0f} MiB in all"
        )
    for name in ("saan on sqlite", "saan on postgresql"):
        without, with_reply = rate[name] / rate["echo without reply"], rate[name] / rate["echo with reply"]
        print(f"  {name}: {without:.2f} × echo without its reply, {with_reply:.2f} × echo with its reply")
