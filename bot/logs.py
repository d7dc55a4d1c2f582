"""Logs go to stderr, one line each: plain words, or JSON for machines that collect them."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QUIET = ("apscheduler", "urllib3", "werkzeug", "alembic", "fsspec", "PIL")
"""Libraries that tell of every step; only their warnings count."""


_SECRET_PATH = re.compile(r"(/hooks/traffy/|/mail/)[^\s/?\"']+")
"""Addresses that carry a secret word."""


class Masked(logging.Filter):
    """Takes the secret words of addresses out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _SECRET_PATH.search(said):
            record.msg, record.args = _SECRET_PATH.sub(r"\1***", said), ()
        return True


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str, form: str) -> None:
    """Send everything of at least ``level`` to stderr in the ``form`` "text" or "json"."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else logging.Formatter(_TEXT))
    handler.addFilter(Masked())
    logging.getLogger("gunicorn.access").addFilter(Masked())  # it brings a handler of its own
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    server = logging.getLogger("gunicorn.error")
    if server.handlers:  # gunicorn brought its own handler: the same form for its lines too
        server.handlers[:] = [handler]
        server.propagate = False
