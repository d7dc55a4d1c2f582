"""`saan run`, `web`, `worker` and `clock`: the parts of the service, together or each alone."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from bot.commands.common import FAILED, Fault, wired

if TYPE_CHECKING:
    from bot.bootstrap import Wiring


def run(_args: argparse.Namespace) -> int:
    """Web, worker and clock in one process, on this machine only."""
    wiring = wired()
    _prepare(wiring)
    wiring.store.close()
    # Options on the command line win over GUNICORN_CMD_ARGS: the threads beside the web must not be multiplied.
    return _gunicorn("all_in_one", "application()", "--workers", "1", "--worker-class", "gthread")


def web(_args: argparse.Namespace) -> int:
    """HTTP alone; GUNICORN_CMD_ARGS and WEB_CONCURRENCY work as gunicorn documents them."""
    alone = ("--workers", "1") if wired().settings.simulator else ()  # the simulator lives in one process
    return _gunicorn("web", "create_app()", *alone)


def worker(_args: argparse.Namespace) -> int:
    """Decides, delivers and fetches photos until it is told to stop."""
    return _until_stopped(worker=True, clock=False)


def clock(_args: argparse.Namespace) -> int:
    """Does what is due by time until it is told to stop."""
    return _until_stopped(worker=False, clock=True)


def _prepare(wiring: Wiring) -> None:
    """Schema, classifier, and in simulator mode a city: what a first start needs."""
    from store import schema

    schema.migrate(wiring.settings.database_url)
    if wiring.settings.simulator and not wiring.clockwork.has_city():
        from bot.commands.city import DEMO, load

        load(wiring, DEMO)
    build_model(wiring)


def build_model(wiring: Wiring) -> None:
    """Train the shipped classifier when it is missing; in a process of its own, which gives its memory back."""
    if wiring.shelf.is_built():
        return
    print("training the classifier (once, under a minute) …", file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, "-m", "bot.cli", "train", "--if-missing"], check=False)
    if done.returncode:
        raise Fault("the classifier could not be trained", FAILED)


def _gunicorn(config: str, factory: str, *options: str) -> int:
    from gunicorn.app.wsgiapp import WSGIApplication

    module = "bot.app" if config == "web" else f"bot.server.{config}"
    sys.argv = ["saan", "-c", f"python:bot.server.{config}", *options, f"{module}:{factory}"]
    WSGIApplication("%(prog)s [OPTIONS]", prog="saan").run()
    return 0


def _until_stopped(*, worker: bool, clock: bool) -> int:
    from bot import logs
    from bot.bootstrap import Engine
    from bot.worker import WorkerBusy

    wiring = wired()
    logs.set_up(wiring.settings.log_level, wiring.settings.log_format)
    if worker:
        build_model(wiring)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Engine(wiring, worker=worker, clock=clock).run(stop)
    except WorkerBusy as error:
        raise Fault(str(error), FAILED) from None
    return 0
