"""How fast a webhook is acknowledged, durably, against the SDK's README echo bot under the same gunicorn settings."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import load, servers

ROUNDS = 5
REQUESTS = 6000
CONNECTIONS = 8
OURS = ("saan on sqlite", "saan on postgresql")


@dataclass
class Contestant:
    """A served webhook, and what its rounds gave."""

    name: str
    port: int
    path: str
    pid: int
    runs: list[load.Measured] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)

    def round(self, requests: int, counts: bool) -> None:
        before = servers.cpu_s(self.pid)
        run = load.run(self.port, self.path, requests, connections=CONNECTIONS)
        if run.refused:
            raise SystemExit(f"{self.name}: {run.refused} requests were refused")
        if counts:
            self.runs.append(run)
            self.cpu_us.append((servers.cpu_s(self.pid) - before) / run.requests * 1e6)

    @property
    def rate(self) -> float:
        return statistics.median(run.rate for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpu_us)

    def describe(self) -> str:
        median = statistics.median(run.median_ms for run in self.runs)
        slowest = max(run.slowest_ms for run in self.runs)
        return (
            f"  {self.name:20} {self.rate:6.0f} requests/s   {self.cpu:5.0f} µs of processor each   "
            f"median {median:5.1f} ms   slowest {slowest:4.0f} ms   {servers.memory_mib(self.pid):4.0f} MiB in all"
        )


def main() -> None:
    """Print rates, processor time, memory and the ratios."""
    with ExitStack() as stack:
        contestants = _contestants(stack)
        for number in range(ROUNDS + 1):  # in turn, so that other load on the machine falls on all alike
            for each in contestants:
                each.round(REQUESTS if number else 600, counts=number > 0)
        _print({each.name: each for each in contestants})


def _contestants(stack: ExitStack) -> list[Contestant]:
    urls = stack.enter_context(servers.databases())
    line_url = stack.enter_context(servers.line())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    made = []
    for name, factory, env, path in (
        ("echo without reply", "echo", {}, "/callback"),
        ("echo with reply", "echo", {"BENCH_LINE": line_url}, "/callback"),
        (OURS[0], "saan", servers.environment(urls["sqlite"], line_url, folder), "/line/webhook"),
        (OURS[1], "saan", servers.environment(urls["postgresql"], line_url, folder), "/line/webhook"),
    ):
        port, pid = stack.enter_context(servers.gunicorn(factory, env))
        made.append(Contestant(name, port, path, pid))
    return made


def _print(by_name: dict[str, Contestant]) -> None:
    settings = " ".join(servers.GUNICORN[:6])
    print(f"acknowledgement: gunicorn {settings}, {2 * CONNECTIONS} connections, medians of {ROUNDS} rounds")
    for each in by_name.values():
        print(each.describe())
    silent, replying = by_name["echo without reply"], by_name["echo with reply"]
    for name in OURS:
        ours = by_name[name]
        print(
            f"  {name}: {ours.rate / silent.rate:.2f} × the echo bot without its reply "
            f"(by processor time {silent.cpu / ours.cpu:.2f} ×), {ours.rate / replying.rate:.2f} × with its reply "
            f"(by processor time {replying.cpu / ours.cpu:.2f} ×)"
        )
