"""Fetches what people sent from LINE's data host."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any
from urllib.parse import quote

from handlers.ports import Fetched, FetchState

log = logging.getLogger(__name__)

CONNECT_S, READ_S = 3.0, 20.0
MAX_BYTES = 20 * 1024 * 1024
_CHUNK = 64 * 1024
_NOT_YET = 202
_GONE = (404, 410)


class LineMedia:
    """The ``MediaSource`` port. Thread-safe."""

    def __init__(self, data_host: str, token: str, max_bytes: int = MAX_BYTES, connections: int = 4) -> None:
        self._host = data_host.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._max_bytes = max_bytes
        self._connections = connections

    def fetch(self, message_id: str) -> Fetched:
        """The binary of a message. No more than the limit is read of it, whatever its headers say."""
        url = f"{self._host}/v2/bot/message/{quote(message_id, safe='')}/content"
        try:
            response = self._pool.request("GET", url, headers=self._headers, preload_content=False)
            try:
                return self._read(response)
            finally:
                response.drain_conn() if response.length_remaining == 0 else response.close()
                response.release_conn()
        except Exception as error:  # no connection, a time-out, a body that breaks off
            return Fetched(FetchState.RETRY, detail=type(error).__name__)

    def _read(self, response: Any) -> Fetched:
        if response.status == _NOT_YET:
            return Fetched(FetchState.NOT_YET)
        if response.status in _GONE:
            return Fetched(FetchState.GONE, detail=str(response.status))
        if response.status != 200:
            return Fetched(FetchState.RETRY, detail=str(response.status))
        content = bytearray()
        for chunk in response.stream(_CHUNK):
            content += chunk
            if len(content) > self._max_bytes:
                return Fetched(FetchState.TOO_BIG)
        return Fetched(FetchState.READY, bytes(content))

    @cached_property
    def _pool(self) -> Any:
        import urllib3

        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        return urllib3.PoolManager(maxsize=self._connections, timeout=timeout, retries=False)
