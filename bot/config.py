"""Settings: the only reader of the environment.

An unset or empty variable means its default. All faults are found before one error names every bad variable.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.config_reader import ConfigError, Reader
from store.city_cells import SECRET_REFERENCE

__all__ = ["ConfigError", "Settings"]

_INSTEAD = "and what agencies would get by mail goes to the coordinators"


@dataclass(frozen=True)
class Settings:
    """Everything that an installation may choose. Addresses end without a slash."""

    port: int
    base_url: str
    database_url: str
    data_dir: Path
    media_url: str
    zone: ZoneInfo
    line_api: str
    line_data_api: str
    given_line_secret: str
    given_line_token: str
    given_secret_key: str
    smtp_url: str
    mail_from: str
    imap_url: str
    traffy_url: str
    traffy_user: str
    traffy_password: str
    traffy_webhook_secret: str
    traffy_allow: tuple[str, ...]
    """Networks in CIDR notation that may call Traffy's webhook; empty lets everybody knock."""
    webhook_private: bool
    """Webhooks may go to addresses of this machine and its private networks, without https."""
    trusted_proxies: int
    log_level: str
    log_format: str
    line_month: int
    """Messages a month that the LINE plan allows, for planning digests; 0: no limit is kept."""
    deciders: int
    """Threads of one worker that decide side by side."""
    senders: int
    """Sends to LINE under way at once, per worker."""
    web_threads: int

    @classmethod
    def read(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``env`` (default: the process's environment); raises ``ConfigError``."""
        return _read(Reader(os.environ if env is None else env))

    @property
    def simulator(self) -> bool:
        """Whether the built-in LINE simulator stands in for LINE."""
        return not self.given_line_secret

    @cached_property
    def secret_key(self) -> str:
        """Signs links and sessions; when not given, made once and kept in the data folder."""
        return self.given_secret_key or _kept_key(self.data_dir / "secret.key")

    @property
    def line_secret(self) -> str:
        """The channel secret; the simulator's follows from the secret key, so that all processes agree."""
        return self.given_line_secret or self._derived("line channel secret")[:32]

    @property
    def line_token(self) -> str:
        """The channel access token; the simulator's follows from the secret key."""
        return self.given_line_token or self._derived("line channel token")

    @property
    def image_base(self) -> str:
        """The public address with https, which LINE demands of pictures."""
        return "https://" + urlsplit(self.base_url).netloc + urlsplit(self.base_url).path

    @property
    def mail(self) -> bool:
        return bool(self.smtp_url)

    @property
    def traffy(self) -> bool:
        return bool(self.traffy_url)

    def remarks(self) -> list[str]:
        """What an operator should know at the start: parts that are off, keys that were made."""
        facts = [
            (self.simulator, "LINE credentials are not set: the built-in simulator stands in for LINE"),
            (not self.mail and not self.simulator, f"SMTP_URL is not set: e-mail is off, {_INSTEAD}"),
            (not self.mail and self.simulator, "SMTP_URL is not set: mails are kept at /simulator/mail"),
            (
                self.mail and not self.imap_url,
                "IMAP_URL is not set: answers by mail are not read, agencies use the links",
            ),
            (
                not self.simulator and not self.given_secret_key,
                f"SECRET_KEY is not set: one is kept in {self.data_dir}; set it when there is more than one machine",
            ),
            (
                any(0 < len(key) < 16 for key in (self.given_secret_key, self.traffy_webhook_secret)),
                "SECRET_KEY or TRAFFY_WEBHOOK_SECRET is short: easy to guess",
            ),
            (
                not self.simulator and self.base_url.startswith("http://127.0.0.1"),
                "BASE_URL is not set: links in messages will not work outside this machine",
            ),
        ]
        return [text for holds, text in facts if holds]

    def agency_secret(self, reference: str, env: Mapping[str, str] | None = None) -> str | None:
        """The secret that a city folder refers to as ``env:SAAN_AGENCY_…``; None when it is not set."""
        if not SECRET_REFERENCE.fullmatch(reference):
            return None
        return (os.environ if env is None else env).get(reference.removeprefix("env:"), "").strip() or None

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _read(env: Reader) -> Settings:
    port = env.number("PORT", 8000, low=1, high=65535)
    here = f"http://127.0.0.1:{port}"
    data_dir = Path(env.text("SAAN_DATA_DIR", "var"))
    secret, token = env.together("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")
    base_url = env.url("BASE_URL", here)
    smtp_url = env.url("SMTP_URL", "", ("smtp", "smtps"))
    traffy_url, traffy_user, traffy_password = env.together("TRAFFY_URL", "TRAFFY_USER", "TRAFFY_PASSWORD")
    env.url("TRAFFY_URL", "")
    env.number("WEB_CONCURRENCY", 1, low=1, high=512)
    settings = Settings(
        port=port,
        base_url=base_url,
        database_url=env.database("DATABASE_URL", "sqlite:///var/saan.db"),
        data_dir=data_dir,
        media_url=env.media("MEDIA_URL", str(data_dir / "media")),
        zone=env.zone("SAAN_TIMEZONE", "Asia/Bangkok"),
        line_api=env.url("LINE_API_HOST", "https://api.line.me" if secret else here),
        line_data_api=env.url("LINE_DATA_API_HOST", "https://api-data.line.me" if secret else here),
        given_line_secret=secret,
        given_line_token=token,
        given_secret_key=env.text("SECRET_KEY"),
        smtp_url=smtp_url,
        mail_from=env.address("MAIL_FROM", f"saan@{urlsplit(base_url).hostname}" if smtp_url else ""),
        imap_url=env.url("IMAP_URL", "", ("imap", "imaps")),
        traffy_url=traffy_url.rstrip("/"),
        traffy_user=traffy_user,
        traffy_password=traffy_password,
        traffy_webhook_secret=env.path_part("TRAFFY_WEBHOOK_SECRET"),
        traffy_allow=env.networks("TRAFFY_ALLOW"),
        webhook_private=env.choice("SAAN_WEBHOOK_PRIVATE", "no", ("no", "yes")) == "yes",
        trusted_proxies=env.number("TRUSTED_PROXIES", 0, low=0, high=10),
        log_level=env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
        log_format=env.choice("LOG_FORMAT", "text", ("text", "json")),
        line_month=env.number("SAAN_LINE_MONTH", 0, low=0, high=1_000_000_000),
        deciders=env.number("SAAN_DECIDERS", 4, low=1, high=64),
        senders=env.number("SAAN_SENDERS", 16, low=1, high=128),
        web_threads=env.number("SAAN_WEB_THREADS", 8, low=1, high=256),
    )
    env.finish()
    return settings


def _kept_key(path: Path) -> str:
    """The key in the file, made there first when absent; two processes that start at once agree on one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)  # fails when the other was first; then its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
