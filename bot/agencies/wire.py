"""HTTP to other systems: one try, bounded in time and size, and how it failed in the words of delivery."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from bot.agencies.webhook import AddressRefused, check, pool_to, public, resolved
from handlers.ports import SendResult, Sent

CONNECT_S, READ_S = 5.0, 20.0
MOST_BYTES = 4 * 1024 * 1024
MOST_PICTURE = 12 * 1024 * 1024
LONGEST_WAIT_S = 86_400


class WireFault(Exception):
    """No usable answer; ``result`` says whether the call may have had an effect."""

    def __init__(self, result: SendResult) -> None:
        super().__init__(result.detail)
        self.result = result


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    kind: str
    retry_at: float | None = None


class Wire:
    """Thread-safe. Certificates are checked, redirects are not followed."""

    def call(
        self,
        method: str,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; raises ``WireFault`` where there is no whole answer or the server failed (5xx, 429)."""
        from urllib.parse import urlencode

        from urllib3.exceptions import HTTPError, NewConnectionError

        body = urlencode(form).encode() if form is not None else None
        more = (
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"} if form is not None else {}
        )
        address = f"{url}?{urlencode(query)}" if query else url
        sent = {"User-Agent": "Saan/1", **more, **(headers or {})}
        given = {"json": json} if json is not None else {"body": body}
        try:
            response = self._pool.request(
                method, address, headers=sent, redirect=False, preload_content=False, **given
            )
            return _read(response, MOST_BYTES)
        except NewConnectionError as error:
            raise WireFault(SendResult(Sent.NOT_SENT, type(error).__name__)) from None
        except (HTTPError, OSError) as error:
            raise WireFault(SendResult(Sent.UNSURE, type(error).__name__)) from None

    @cached_property
    def _pool(self) -> Any:
        import urllib3  # here, because most commands never need it

        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        return urllib3.PoolManager(maxsize=4, timeout=timeout, retries=False)


def picture(url: str, private: bool) -> bytes:
    """A picture that somebody else's system names: from a public address only. Raises ``WireFault``."""
    from urllib3.exceptions import HTTPError

    try:
        check(url, private)
        parts = urlsplit(url)
        tls, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if tls else 80)
        found = resolved(host, port)
        if not found or not (private or all(public(address) for address in found)):
            raise AddressRefused("leads into a private network")
        pool = pool_to(found[0], port, host, tls)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": "Saan/1", "Host": host if parts.port is None else f"{host}:{port}"}
        response = pool.request(
            "GET", path, headers=headers, redirect=False, retries=False, preload_content=False
        )
        answer = _read(response, MOST_PICTURE)
    except AddressRefused as error:
        raise WireFault(SendResult(Sent.REFUSED, str(error))) from None
    except (HTTPError, OSError) as error:
        raise WireFault(SendResult(Sent.NOT_SENT, type(error).__name__)) from None
    if answer.status != 200:
        raise WireFault(SendResult(Sent.REFUSED, f"answered {answer.status}"))
    return answer.body


def _read(response: Any, most: int) -> Answer:
    try:
        content = bytearray()
        for chunk in response.stream(64 * 1024):
            content += chunk
            if len(content) > most:
                raise WireFault(SendResult(Sent.UNSURE, "the answer is too long"))
        wait = response.headers.get("Retry-After", "")
        again = time.time() + min(int(wait), LONGEST_WAIT_S) if wait.isascii() and wait.isdigit() else None
        if response.status >= 500 or response.status in (408, 425, 429):
            kind = Sent.RATE if response.status == 429 else Sent.UNSURE
            raise WireFault(SendResult(kind, f"answered {response.status}", retry_at=again))
        return Answer(response.status, bytes(content), response.headers.get("Content-Type", ""), again)
    finally:
        response.close()
