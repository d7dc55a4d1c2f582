"""The channel itself: its webhook address and its rich menus. Used by operators, not by conversations."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

CONNECT_S, READ_S = 3.0, 30.0


class ChannelError(RuntimeError):
    """LINE refused or did not answer; the words are LINE's own."""


class LineChannel:
    """Calls that set up the channel. Source: LINE Messaging API reference."""

    def __init__(self, api_host: str, data_host: str, token: str) -> None:
        self._api, self._data = api_host.rstrip("/"), data_host.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    def set_webhook(self, address: str) -> None:
        self._call("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": address})

    def test_webhook(self) -> dict[str, Any]:
        """LINE calls the address now: ``success``, ``statusCode``, ``reason`` and ``detail``."""
        return self._call("POST", "/v2/bot/channel/webhook/test", {})

    def menus(self) -> list[dict[str, Any]]:
        found = self._call("GET", "/v2/bot/richmenu/list").get("richmenus")
        return found if isinstance(found, list) else []

    def add_menu(self, menu: dict[str, Any], picture: bytes) -> str:
        """Create a menu with its JPEG and show it to everybody; gives its id."""
        menu_id = str(self._call("POST", "/v2/bot/richmenu", menu)["richMenuId"])
        self._send("POST", f"{self._data}/v2/bot/richmenu/{menu_id}/content", picture, "image/jpeg")
        self.show_menu(menu_id)
        return menu_id

    def show_menu(self, menu_id: str) -> None:
        self._call("POST", f"/v2/bot/user/all/richmenu/{menu_id}")

    def drop_menu(self, menu_id: str) -> None:
        self._call("DELETE", f"/v2/bot/richmenu/{menu_id}")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self._send(method, self._api + path, content, "application/json")

    def _send(self, method: str, url: str, content: bytes | None, kind: str) -> dict[str, Any]:
        headers = self._headers | ({"Content-Type": kind} if content is not None else {})
        try:
            response = self._pool.request(method, url, body=content, headers=headers)
        except Exception as error:
            raise ChannelError(f"LINE could not be reached ({type(error).__name__})") from None
        if not 200 <= response.status < 300:
            raise ChannelError(f"LINE answered {response.status}: {_words(response.data)}")
        try:
            found = json.loads(response.data or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def _pool(self) -> Any:
        import urllib3

        return urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S), retries=False)


def _words(content: bytes) -> str:
    try:
        return str(json.loads(content).get("message", ""))[:300]
    except (ValueError, AttributeError):
        return content[:100].decode("utf-8", "replace")
