"""Plays a story on a running Saan as its users do: through the simulator's page address, over HTTP."""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

CITIZEN, OFFICIAL, REPRESENTATIVE = (f"U{number:032d}" for number in (1, 2, 3))
PATIENCE_S = 30.0


@dataclass
class Player:
    """Talks to ``base`` (for example ``http://127.0.0.1:8000``)."""

    base: str
    seen: dict[str, int] = field(default_factory=dict)

    def call(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", "x-simulator": "1"}
        request = urllib.request.Request(f"{self.base}{path}", data, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def _entries(self, who: str) -> list[dict[str, Any]]:
        return [
            e for e in self.call("/simulator/api/start")["entries"] if e["chat"] == who and e["from"] == "bot"
        ]

    def expect(self, who: str, words: str) -> dict[str, Any]:
        """Wait until the bot has said these words to somebody; that entry."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for entry in reversed(self._entries(who)):
                if words in json.dumps(entry["messages"], ensure_ascii=False):
                    return entry
            time.sleep(0.1)
        raise AssertionError(f"the bot never said {words!r}; it said {self._entries(who)[-1:]}")

    def say(self, who: str, text: str, answer: str) -> dict[str, Any]:
        self.call("/simulator/api/say", {"person": who, "text": text})
        return self.expect(who, answer)

    def tap(self, who: str, label: str, answer: str) -> dict[str, Any]:
        """Tap the newest button of that label."""
        for entry in reversed(self._entries(who)):
            for action in _actions(entry["messages"]):
                if action.get("label", "").startswith(label) and "data" in action:
                    shown = action.get("displayText", label)
                    self.call(
                        "/simulator/api/tap", {"person": who, "data": action["data"], "displayText": shown}
                    )
                    return self.expect(who, answer)
        raise AssertionError(f"no button {label!r}")

    def photo(self, who: str, kind: str, answer: str) -> dict[str, Any]:
        self.call("/simulator/api/sample", {"person": who, "kind": kind})
        return self.expect(who, answer)

    def hint(self, who: str) -> str:
        people = self.call("/simulator/api/start")["people"]
        return next(p["hint"] for p in people if p["id"] == who).rsplit(" ", 1)[-1]

    def picture(self, url: str) -> bytes:
        """A picture the bot sent, from this machine instead of its public address."""
        path = url.split("/", 3)[3]
        with urllib.request.urlopen(f"{self.base}/{quote(path)}", timeout=20) as answer:
            return bytes(answer.read())


def _actions(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [action for item in node for action in _actions(item)]
    if not isinstance(node, dict):
        return []
    own = [node["action"]] if isinstance(node.get("action"), dict) else []
    return own + [a for value in node.values() if isinstance(value, dict | list) for a in _actions(value)]


def begin(player: Player) -> None:
    """The official and the representative take up their roles, the citizen writes."""
    player.say(OFFICIAL, player.hint(OFFICIAL), "ยินดีต้อนรับเจ้าหน้าที่")
    player.tap(OFFICIAL, "ยินยอม", "ขอบคุณค่ะ")
    player.say(REPRESENTATIVE, player.hint(REPRESENTATIVE), "ยินดีต้อนรับตัวแทน")
    player.tap(REPRESENTATIVE, "ยินยอม", "ขอบคุณค่ะ")
    player.say(CITIZEN, "ไฟทางดับมาสามคืนแล้วค่ะ หน้าวัดโพนงาม มืดมาก", "เก็บรอไว้")
    player.tap(CITIZEN, "ยินยอม", "เข้าใจว่า")
    player.photo(CITIZEN, "lamp", "1 รูป")


def report(player: Player) -> str:
    """She sends it; the official has it; the case's code."""
    entry = player.tap(CITIZEN, "ส่งเรื่อง", "ส่งแล้วค่ะ")
    player.expect(OFFICIAL, "เรื่องใหม่")
    words = json.dumps(entry["messages"], ensure_ascii=False)
    at = words.index("LOE")
    return words[at : at + 10]


def solve(player: Player) -> None:
    """Taken, done with a photo."""
    player.tap(OFFICIAL, "รับเรื่อง", "เรื่องนี้เป็นของท่านแล้ว")
    player.tap(OFFICIAL, "เสร็จแล้ว", "ส่งรูปหลังแก้")
    player.photo(OFFICIAL, "fixed", "ช่วยดูแล้ว")
    player.expect(CITIZEN, "เรียบร้อยแล้วหรือยังคะ")


def rate(player: Player) -> None:
    """Confirmed and rated; she joins the network."""
    player.tap(CITIZEN, "เรียบร้อยแล้ว", "พอใจแค่ไหน")
    player.tap(CITIZEN, "⭐⭐⭐⭐⭐", "5 ดาว")
    player.tap(CITIZEN, "เข้าร่วม", "ยินดีต้อนรับสู่")
