"""Signed webhooks: POST with an HMAC, to public addresses only.

A receiver checks three things: the signature (``Saan-Signature: v1=`` and the hex HMAC-SHA256, keyed with the secret,
of the timestamp, a dot and the body), that ``Saan-Timestamp`` is not older than five minutes, and that it has not seen
``Saan-Id`` before. A retry carries the same id and body with a new timestamp and signature.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from handlers.house import House
from handlers.ports import SendResult, Sent
from handlers.services import webhooks
from store import Store, Unit
from store.queries import mail_links
from store.queries.outbox import Letter, Outcome

CONNECT_S, READ_S = 5.0, 10.0
_AGAIN = (408, 425, 429)

Resolve = Callable[[str, int], list[str]]
"""``resolve(host, port)``: addresses of a name; raises OSError."""


class AddressRefused(ValueError):
    """The address is not one that webhooks may go to."""


def resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check(url: str, private: bool) -> None:
    """Raise ``AddressRefused`` for what can never be called: another scheme, a password inside, a private number."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("not an address") from None
    if parts.scheme not in (("https", "http") if private else ("https",)) or not parts.hostname or port == 0:
        raise AddressRefused("must be an https address")
    if parts.username or parts.password or parts.fragment:
        raise AddressRefused("must have no user, password or fragment")
    try:
        number = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    if not private and not public(str(number)):
        raise AddressRefused("leads into a private network")


def public(address: str) -> bool:
    """Whether an IP address is reachable by everybody: not of this machine, a private network or the cloud's own."""
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if inner is not None:
            number = inner
        elif number in ipaddress.ip_network("64:ff9b::/96"):
            number = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number.is_global and not number.is_multicast


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v1=`` and the hex HMAC-SHA256 of timestamp, dot and body."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def body_of(letter: Letter) -> bytes:
    """The bytes that are signed; the same on every try."""
    event = {"id": letter.retry_key, **letter.messages[0]}
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class WebhookGateway:
    """The ``Gateway`` port for webhooks. ``private``: also addresses inside (tests, one's own network)."""

    def __init__(
        self,
        store: Store,
        house: House,
        private: bool = False,
        resolve: Resolve = resolved,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._house, self._private = store, house, private
        self._resolve, self._clock = resolve, clock

    def send(self, letter: Letter) -> SendResult:
        with self._store.reading() as unit:
            hook = mail_links.webhook(unit, int(letter.to.partition(":")[2]))
        if hook is None or hook.state != "active":
            return SendResult(Sent.REFUSED, webhooks.DISABLED if hook else "the webhook was removed")
        body, timestamp = body_of(letter), str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Saan-Webhook/1",
            "Saan-Id": letter.retry_key,
            "Saan-Event": str(letter.messages[0]["event"]),
            "Saan-Timestamp": timestamp,
            "Saan-Signature": signature(webhooks.secret(self._house, hook), timestamp, body),
        }
        try:
            return self._post(hook.url, body, headers)
        except AddressRefused as error:
            return SendResult(Sent.NOT_SENT, str(error))
        except OSError as error:
            return SendResult(Sent.NOT_SENT, type(error).__name__)

    def settled(self, unit: Unit, letter: Letter, result: SendResult, outcome: Outcome) -> None:
        webhooks.settled(unit, letter, outcome, self._clock())

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        from urllib3.exceptions import HTTPError, NewConnectionError

        check(url, self._private)
        parts = urlsplit(url)
        tls, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or (443 if tls else 80)
        address = self._address(host, port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = headers | {"Host": host if parts.port is None else f"{host}:{port}"}
        pool = pool_to(address, port, host, tls)
        try:
            response = pool.request(
                "POST", path, body=body, headers=headers, redirect=False, retries=False, preload_content=False
            )
            return _judged(response)
        except NewConnectionError as error:
            return SendResult(Sent.NOT_SENT, type(error).__name__)
        except HTTPError as error:
            return SendResult(Sent.UNSURE, type(error).__name__)
        finally:
            pool.close()

    def _address(self, host: str, port: int) -> str:
        """The number that is really called, checked, so that a name can't be turned elsewhere in between."""
        found = self._resolve(host, port)
        if not found or not (self._private or all(public(address) for address in found)):
            raise AddressRefused("leads into a private network")
        return found[0]


def pool_to(address: str, port: int, host: str, tls: bool) -> Any:
    """Connections to exactly this address, which shows a certificate of ``host`` where it speaks TLS."""
    import urllib3  # here, because most commands never need it

    timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S, total=CONNECT_S + READ_S)
    if tls:
        return urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, server_hostname=host, assert_hostname=host
        )
    return urllib3.HTTPConnectionPool(address, port, timeout=timeout)


def _judged(response: Any) -> SendResult:
    """Any 2xx is taken. 410 means "never again"; everything else is tried again until patience ends."""
    try:
        if 200 <= response.status < 300:
            return SendResult(Sent.OK)
        detail = f"answered {response.status}"
        if response.status == 410:
            return SendResult(Sent.REFUSED, detail)
        wait = response.headers.get("Retry-After", "")
        again = time.time() + min(int(wait), 86400) if wait.isascii() and wait.isdigit() else None
        kind = Sent.RATE if response.status in _AGAIN else Sent.UNSURE
        return SendResult(kind, detail, retry_at=again)
    finally:
        response.close()
