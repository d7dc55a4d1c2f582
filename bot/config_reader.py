"""Reads single variables and collects their faults, so that one error can name them all."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

_DATABASES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
"""Accepted schemes, and the driver that each is read as."""


class ConfigError(ValueError):
    """One line that names every bad variable and what is wrong with it (never its value: it may be a secret)."""


class Reader:
    """Typed access to a mapping of strings. A fault is noted and the default given back."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._faults: dict[str, str] = {}

    def finish(self) -> None:
        """Raise ``ConfigError`` when anything was wrong."""
        if self._faults:
            faults = "; ".join(f"{name}: {fault}" for name, fault in self._faults.items())
            raise ConfigError(f"bad settings: {faults}")

    def fault(self, name: str, what: str) -> None:
        self._faults.setdefault(name, what)

    def text(self, name: str, default: str = "") -> str:
        value = self._env.get(name, "").strip()
        if any(ord(letter) < 32 for letter in value):
            self.fault(name, "has control characters")
            return default
        return value or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if re.fullmatch(r"[0-9]{1,6}", value) and low <= int(value) <= high:
            return int(value)
        self.fault(name, f"must be a whole number from {low} to {high}")
        return default

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        value = self.text(name, default)
        for known in choices:
            if value.lower() == known.lower():
                return known
        self.fault(name, f"must be one of {', '.join(choices)}")
        return default

    def url(self, name: str, default: str, schemes: Sequence[str] = ("http", "https")) -> str:
        """An address with a host, without a slash at its end."""
        value = self.text(name)
        if not value:
            return default
        if _is_url(value, schemes):
            return value.rstrip("/")
        self.fault(name, f"must be an address like {schemes[0]}://host")
        return default

    def database(self, name: str, default: str) -> str:
        value = self.text(name, default)
        scheme, colon, rest = value.partition("://")
        if not colon or scheme not in _DATABASES or (scheme == "sqlite" and not rest.startswith("/")):
            self.fault(name, "must be sqlite:///path or postgresql+psycopg://user@host/name")
            return default
        return f"{_DATABASES[scheme]}://{rest}"

    def media(self, name: str, default: str) -> str:
        """A folder, or an address that fsspec understands."""
        value = self.text(name, default)
        scheme, colon, rest = value.partition("://")
        if colon and (scheme not in ("s3", "file", "memory") or not rest):
            self.fault(name, "must be a folder or s3://bucket/prefix")
            return default
        return value

    def zone(self, name: str, default: str) -> ZoneInfo:
        try:
            return ZoneInfo(self.text(name, default))
        except (KeyError, ValueError, OSError):
            self.fault(name, "must be a time zone like Asia/Bangkok")
            return ZoneInfo(default)

    def path_part(self, name: str) -> str:
        value = self.text(name)
        if value and not re.fullmatch(r"[A-Za-z0-9._~-]{1,128}", value):
            self.fault(name, "must be at most 128 letters, digits or . _ ~ -")
        return value

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value and "@" not in value:
            self.fault(name, "must be an e-mail address")
        return value

    def networks(self, name: str) -> tuple[str, ...]:
        """Comma-separated addresses or networks, in CIDR notation."""
        try:
            parts = [part.strip() for part in self.text(name).split(",") if part.strip()]
            return tuple(str(ipaddress.ip_network(part, strict=False)) for part in parts)
        except ValueError:
            self.fault(name, "must be addresses or networks like 203.0.113.0/24, with commas between")
            return ()

    def together(self, *names: str) -> tuple[str, ...]:
        """Variables of which all or none must be set."""
        values = tuple(self.text(name) for name in names)
        if any(values):
            for name, value in zip(names, values, strict=True):
                if not value:
                    self.fault(name, f"must be set together with {_others(names, name)}")
        return values


def _others(names: Sequence[str], name: str) -> str:
    return " and ".join(other for other in names if other != name)


def _is_url(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
