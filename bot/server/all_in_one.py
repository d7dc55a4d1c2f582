"""`saan run`: web, worker and clock as threads of one process."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from flask import Flask

from bot import logs
from bot.app import create_app
from bot.bootstrap import Engine, Wiring
from bot.config import Settings
from bot.server import web

bind = f"127.0.0.1:{Settings.read().port}"
workers = 1
worker_class = web.worker_class
threads = web.threads
keepalive = web.keepalive
graceful_timeout = web.graceful_timeout
loglevel = "warning"
proc_name = web.proc_name
control_socket_disable = web.control_socket_disable


@cache
def wiring() -> Wiring:
    """The process's one wiring, shared by the application and the threads beside it."""
    made = Wiring(Settings.read())
    logs.set_up(made.settings.log_level, made.settings.log_format)
    return made


@cache
def engine() -> Engine:
    return Engine(wiring(), worker=True, clock=True)


def application() -> Flask:
    return create_app(wiring())


def post_worker_init(_worker: Any) -> None:
    """The server has forked and loaded the application: the other two parts begin."""
    engine().start()
    settings = wiring().settings
    pages = {"home": "/", "simulator": "/simulator"} if settings.simulator else {"home": "/"}
    if settings.simulator and not settings.mail:
        pages["mail"] = "/simulator/mail"
    for remark in settings.remarks():
        print(f"note: {remark}", file=sys.stderr, flush=True)
    for name, path in pages.items():
        print(f"{name:>10}  {settings.base_url}{path}", flush=True)
    print(f"{'webhook':>10}  {settings.base_url}/line/webhook", flush=True)
    print(f"{'ready':>10}  stop with Ctrl-C", flush=True)


def worker_exit(_server: Any, _worker: Any) -> None:
    """The server stops: what is under way is finished."""
    engine().stop()
