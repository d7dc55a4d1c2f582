"""Whose turn it is to host: whoever has not done so for longest. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

Host = TypeVar("Host")


def in_turn(candidates: Sequence[Host], last: Mapping[Host, datetime]) -> list[Host]:
    """The candidates, the next one first: those who never hosted as they are listed, then the longest ago."""
    never = [host for host in candidates if host not in last]
    return never + sorted((host for host in candidates if host in last), key=lambda host: last[host])
