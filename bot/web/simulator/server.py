"""The LINE simulator: a strict stand-in for LINE's servers and for the phones of a few people.

Tests drive it through `LineSimulator`; a browser drives the same object through the page at
`/simulator`. It keeps everything in memory and, when given a journal, on disk.
"""

from __future__ import annotations

import copy
import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.web.simulator import events
from bot.web.simulator.chats import Chats
from bot.web.simulator.events import Json
from bot.web.simulator.faults import Faults
from bot.web.simulator.ledger import Data, Ledger
from bot.web.simulator.media import Media
from bot.web.simulator.menus import Menus
from bot.web.simulator.outgoing import Outgoing
from bot.web.simulator.poster import Poster

_HEX32 = re.compile(r"[0-9a-f]{32}", re.ASCII)


class LineSimulator:
    """LINE and its users.

    `secret` signs the webhooks, `token` is the Bearer token that the bot must show, `journal` a file that
    keeps the chats over a restart (None = memory only), `clock` seconds since 1970, `quota` the monthly
    limit of counted messages (None = no limit).

    The verbs (`say`, `tap`, `photo` …) act for a person: each makes a webhook event, remembers it, posts it
    signed when `post_to` was called, and returns it. An unknown user id becomes a person by acting.
    """

    def __init__(
        self,
        secret: str,
        token: str,
        journal: Path | None = None,
        clock: Callable[[], float] = time.time,
        *,
        quota: int | None = 15_000,
        bot_name: str = "Saan",
        ledger: Ledger | None = None,
    ) -> None:
        self.secret, self.token, self.clock, self.bot_name = secret, token, clock, bot_name
        self.bot_id = "U" + hashlib.sha256(f"bot {secret}".encode()).hexdigest()[:32]
        self.ledger = ledger or Ledger(journal)
        self.faults = Faults()
        self.chats = Chats(self.ledger)
        self.media = Media(self.ledger, self.faults, clock)
        self.outgoing = Outgoing(self.ledger, self.chats, self.faults, clock, quota)
        self.menus = Menus(self.ledger)
        self.endpoint: str | None = None
        self._poster: Poster | None = None
        self._event_applied = self.ledger.applier("event")
        self.ledger.on("event", self._on_event)
        self.ledger.on("endpoint", self._on_endpoint)
        self.ledger.replay()

    # What was sent and what the chats show

    @property
    def sent(self) -> list[Json]:
        """All accepted sends in order, see `Outgoing`."""
        with self.ledger.lock:
            return copy.deepcopy(self.outgoing.sent)

    def chat(self, chat: str) -> list[Json]:
        """The entries of one user's or group's chat in order, see `Chats`."""
        return self.chats.entries(chat)

    # People and groups

    def person(self, user_id: str, name: str, role_label: str = "") -> None:
        """Add or rename a person; ValueError when the id is not LINE's (`U` and 32 hex digits)."""
        if not events.USER_ID.fullmatch(user_id):
            raise ValueError(f"not a LINE user id: {user_id!r}")
        known = self.chats.people.get(user_id)
        if known is None or (known.name, known.role_label) != (name, role_label):
            self.ledger.write("person", {"id": user_id, "name": name, "role_label": role_label})

    def group(self, group_id: str, members: Iterable[str] = (), name: str = "") -> None:
        """Add or change a group (`C…`) or room (`R…`) in which the bot is."""
        if group_id[:1] not in ("C", "R") or not _HEX32.fullmatch(group_id[1:]):
            raise ValueError(f"not a LINE group or room id: {group_id!r}")
        self.ledger.write("group", {"id": group_id, "name": name, "members": list(members)})

    # Verbs: what people do

    def say(self, user_id: str, text: str, group: str | None = None, mention_bot: bool = False) -> Json:
        """Write `text`; with `mention_bot` it begins with @ and the bot's name."""
        name = self.bot_name if mention_bot else None
        return self._message(user_id, events.text_message(text, name, self.bot_id), group)

    def tap(
        self,
        user_id: str,
        data: str,
        display_text: str | None = None,
        *,
        params: Mapping[str, str] | None = None,
        group: str | None = None,
    ) -> Json:
        """Tap a postback button; `display_text` appears as the person's own words."""
        content = {"data": data, **({"params": dict(params)} if params else {})}
        shown = [events.message("text", text=display_text)] if display_text else []
        return self._act("postback", user_id, group, shown, postback=content)

    def photo(
        self,
        user_id: str,
        image: bytes,
        image_set: Mapping[str, Any] | None = None,
        *,
        group: str | None = None,
    ) -> Json:
        """Send a photo; `image_set` = {"id", "index", "total"} when it is one of several."""
        return self._media(user_id, "image", image, group, image_set=image_set)

    def voice(
        self, user_id: str, content: bytes = b"", *, duration_ms: int = 1000, group: str | None = None
    ) -> Json:
        """Send a voice message."""
        return self._media(user_id, "audio", content, group, duration_ms=duration_ms)

    def video(
        self, user_id: str, content: bytes = b"", *, duration_ms: int = 1000, group: str | None = None
    ) -> Json:
        """Send a video."""
        return self._media(user_id, "video", content, group, duration_ms=duration_ms)

    def file(self, user_id: str, name: str, content: bytes = b"", *, group: str | None = None) -> Json:
        """Send a file."""
        made = events.message("file", fileName=name, fileSize=len(content))
        self.media.keep(made["id"], "file", content)
        return self._message(user_id, made, group)

    def locate(
        self,
        user_id: str,
        lat: float,
        lon: float,
        title: str = "",
        address: str = "",
        *,
        group: str | None = None,
    ) -> Json:
        """Send a place: WGS84 degrees; LINE leaves out an empty title or address."""
        words: Json = {name: value for name, value in (("title", title), ("address", address)) if value}
        return self._message(user_id, events.message("location", **words, latitude=lat, longitude=lon), group)

    def sticker(
        self, user_id: str, package_id: str = "446", sticker_id: str = "1988", *, group: str | None = None
    ) -> Json:
        """Send a sticker."""
        made = events.message("sticker", quotable=True, packageId=package_id, stickerId=sticker_id)
        return self._message(user_id, {**made, "stickerResourceType": "STATIC"}, group)

    def follow(self, user_id: str, unblocked: bool | None = None) -> Json:
        """Add the bot as a friend, or unblock it (the default when it is blocked)."""
        known = self.chats.people.get(user_id)
        again = known is not None and not known.friend if unblocked is None else unblocked
        return self._act("follow", user_id, None, [], follow={"isUnblocked": again})

    def unfollow(self, user_id: str) -> Json:
        """Block the bot."""
        return self._act("unfollow", user_id, None, [], reply=False)

    def unsend(self, user_id: str, message_id: str, *, group: str | None = None) -> Json:
        """Take a message back: it disappears from the chat, and its content answers 410."""
        self.media.take_back(message_id)
        return self._act("unsend", user_id, group, [], reply=False, unsend={"messageId": message_id})

    def join(self, group_id: str, members: Iterable[str] = ()) -> Json:
        """Invite the bot into a group, which is made if it does not exist."""
        if group_id not in self.chats.groups:
            self.group(group_id, members)
        return self._act("join", None, group_id, [])

    def leave(self, group_id: str) -> Json:
        """Remove the bot from a group."""
        return self._act("leave", None, group_id, [], reply=False)

    def members_join(self, group_id: str, members: Iterable[str]) -> Json:
        """People enter a group."""
        entered = [{"type": "user", "userId": member} for member in members]
        return self._act("memberJoined", None, group_id, [], joined={"members": entered})

    def members_leave(self, group_id: str, members: Iterable[str]) -> Json:
        """People leave a group."""
        gone = [{"type": "user", "userId": member} for member in members]
        return self._act("memberLeft", None, group_id, [], reply=False, left={"members": gone})

    # Delivery of webhooks

    def post_to(self, poster: Poster | None) -> None:
        """Post every event to `poster(body, headers) -> status` from now on; None stops it."""
        self._poster = poster

    def body(self, *happened: Json) -> bytes:
        """The webhook body that carries these events."""
        return events.body(self.bot_id, happened)

    def headers(self, body: bytes) -> dict[str, str]:
        """The headers of a webhook request with this body, the signature among them."""
        return {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": events.sign(self.secret, body),
        }

    def deliver(self, *happened: Json) -> int | None:
        """Post events in one body; the status, 0 when nobody answered, None without a poster."""
        if self._poster is None:
            return None
        body = self.body(*happened)
        try:
            status = self._poster(body, self.headers(body))
        except OSError:
            status = 0
        for event in happened:
            known = event["webhookEventId"] in self.chats.events
            if known:
                self.ledger.write("delivered", {"event": event["webhookEventId"], "ok": status == 200})
        return status

    def redeliver(self, event: Json) -> int | None:
        """Post an event again as LINE does after a failure: same id, marked as a redelivery."""
        return self.deliver({**event, "deliveryContext": {"isRedelivery": True}})

    # Inside

    def _message(self, user_id: str, message: Json, group: str | None) -> Json:
        return self._act("message", user_id, group, [message], message=message)

    def _media(self, user_id: str, kind: str, content: bytes, group: str | None, **more: Any) -> Json:
        made = events.media_message(kind, **more)
        self.media.keep(made["id"], kind, content)
        return self._message(user_id, made, group)

    def _act(
        self,
        kind: str,
        user_id: str | None,
        group: str | None,
        shown: list[Json],
        *,
        reply: bool = True,
        **fields: Any,
    ) -> Json:
        if user_id is not None and user_id not in self.chats.people:
            self.person(user_id, f"User {user_id[-4:]}")
        where = events.source(user_id, group)
        made = events.event(kind, where, int(self.clock() * 1000), reply=reply, **fields)
        chat = group or user_id
        self.ledger.write(
            "event", copy.deepcopy({"event": made, "chat": chat, "who": user_id, "shown": shown})
        )
        self.deliver(made)
        return made

    def _on_event(self, data: Data) -> None:
        self._event_applied(data)
        if token := data["event"].get("replyToken"):
            self.outgoing.issue(token, data["chat"], data["event"]["timestamp"] / 1000)

    def _on_endpoint(self, data: Data) -> None:
        self.endpoint = data["endpoint"]
