"""`saan web`: HTTP alone, in as many processes as WEB_CONCURRENCY or GUNICORN_CMD_ARGS say (theirs win over this)."""

from __future__ import annotations

from bot.config import Settings

_settings = Settings.read()
# The simulator lets anybody act for anybody, so nobody but this machine may reach it.
bind = f"{'127.0.0.1' if _settings.simulator else '0.0.0.0'}:{_settings.port}"
worker_class = "gthread"
threads = _settings.web_threads
keepalive = 65
graceful_timeout = 5 if _settings.simulator else 25
loglevel = _settings.log_level.lower()
proc_name = "saan"
control_socket_disable = True
