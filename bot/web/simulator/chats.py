"""Who there is and what stands in each chat, as the people see it on their phones."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from bot.web.simulator.events import Json
from bot.web.simulator.ledger import Data, Ledger


@dataclass
class Person:
    """Somebody with a phone. `friend` is False once the bot is blocked."""

    id: str
    name: str
    role_label: str = ""
    friend: bool = True


@dataclass
class Group:
    """A group (or room) chat; `joined` says whether the bot is in it."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    joined: bool = True


class Chats:
    """People, groups and the entries of all chats; a chat is named by its user or group id.

    An entry is a dict: `id`, `seq` (ledger version of its last change), `chat`, `from` ("user" or "bot"),
    `who` (user id or None), `at` (seconds), `how` ("reply", "push", "multicast" or the event's type),
    `messages` (what the chat shows, webhook form for users and sent form for the bot), `delivered`
    (webhook accepted; None = nobody listens), `unsent`.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.events: dict[str, Json] = {}
        self._entries: list[Json] = []
        self._by_id: dict[str, Json] = {}
        self._typing: dict[str, float] = {}
        for kind in ("person", "group", "event", "delivered"):
            ledger.on(kind, getattr(self, f"_on_{kind}"))

    def entries(self, chat: str | None = None, after: int = 0) -> list[Json]:
        """Copies of the entries of one chat (or all), of those changed after ledger version `after`."""
        with self._ledger.lock:
            chosen = [e for e in self._entries if e["seq"] > after and (chat is None or e["chat"] == chat)]
            return copy.deepcopy(chosen)

    def entry(self, entry_id: str) -> Json | None:
        """A copy of one entry; entries of users bear the id of their webhook event."""
        with self._ledger.lock:
            return copy.deepcopy(self._by_id.get(entry_id))

    def add_bot_entry(self, chat: str, send: Data, messages: list[Json]) -> None:
        """Show what the bot sent in `chat`; called while a send is applied."""
        self._typing.pop(chat, None)
        self._add(
            chat, "bot", None, send["at"], send["how"], messages, entry_id=f"{send['request_id']}-{chat}"
        )

    def typing(self, chat: str, until: float) -> None:
        """The bot shows that it is busy in `chat` until `until` (seconds)."""
        self._typing[chat] = until
        self._ledger.nudge()

    def typing_now(self, now: float) -> dict[str, float]:
        """Chats in which the bot looks busy, with the seconds that remain."""
        return {chat: until - now for chat, until in self._typing.items() if until > now}

    def unsent(self, message_id: str) -> bool:
        """Whether this message was taken back by its sender."""
        return any(
            entry["unsent"] and any(m.get("id") == message_id for m in entry["messages"])
            for entry in self._entries
        )

    def _add(
        self, chat: str, side: str, who: str | None, at: float, how: str, messages: list[Json], entry_id: str
    ) -> Json:
        entry: Json = {
            "id": entry_id,
            "seq": self._ledger.version,
            "chat": chat,
            "from": side,
            "who": who,
            "at": at,
            "how": how,
            "messages": messages,
            "delivered": None,
            "unsent": False,
        }
        self._entries.append(entry)
        self._by_id[entry_id] = entry
        return entry

    def _on_person(self, data: Data) -> None:
        known = self.people.get(data["id"])
        friend = known.friend if known else True
        self.people[data["id"]] = Person(data["id"], data["name"], data["role_label"], friend)

    def _on_group(self, data: Data) -> None:
        known = self.groups.get(data["id"])
        joined = known.joined if known else True
        self.groups[data["id"]] = Group(data["id"], data["name"], list(data["members"]), joined)

    def _on_event(self, data: Data) -> None:
        happened: Json = data["event"]
        self.events[happened["webhookEventId"]] = happened
        self._change_membership(happened, data["chat"])
        if happened["type"] == "unsend":
            self._take_back(happened["unsend"]["messageId"])
        at, kind = happened["timestamp"] / 1000, happened["type"]
        self._add(data["chat"], "user", data["who"], at, kind, data["shown"], happened["webhookEventId"])

    def _on_delivered(self, data: Data) -> None:
        entry = self._by_id.get(data["event"])
        if entry is not None:
            entry["delivered"], entry["seq"] = data["ok"], self._ledger.version

    def _change_membership(self, happened: Json, chat: str) -> None:
        kind = happened["type"]
        if kind in ("follow", "unfollow") and chat in self.people:
            self.people[chat].friend = kind == "follow"
        group = self.groups.get(chat)
        if group is None:
            return
        if kind in ("join", "leave"):
            group.joined = kind == "join"
        elif kind == "memberJoined":
            group.members.extend(
                m["userId"] for m in happened["joined"]["members"] if m["userId"] not in group.members
            )
        elif kind == "memberLeft":
            gone = {m["userId"] for m in happened["left"]["members"]}
            group.members = [member for member in group.members if member not in gone]

    def _take_back(self, message_id: str) -> None:
        for entry in self._entries:
            if entry["from"] == "user" and any(m.get("id") == message_id for m in entry["messages"]):
                entry["messages"] = [{"type": "unsent", "id": message_id}]
                entry["unsent"], entry["seq"] = True, self._ledger.version
                self._blank(self.events.get(entry["id"]))

    @staticmethod
    def _blank(happened: Any) -> None:
        # LINE no longer has the words either: a redelivery must not bring them back.
        if happened and "text" in happened.get("message", {}):
            happened["message"]["text"] = ""
