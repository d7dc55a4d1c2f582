"""Photos, voices, videos and files that people sent, as the data host gives them out."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from bot.web.simulator.faults import Faults
from bot.web.simulator.ledger import Data, Ledger

_PREVIEW_PIXELS = 240
_DEFAULT_TYPES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/x-m4a"}
_MAGIC = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"%PDF": "application/pdf",
}


@dataclass
class _Item:
    kind: str
    mime: str
    at: float
    taken_back: bool = False


class Media:
    """Content by message id. `get` answers with LINE's status: 200, 202 (not ready), 404 or 410 (unsent)."""

    def __init__(self, ledger: Ledger, faults: Faults, clock: Callable[[], float]) -> None:
        self._ledger, self._faults, self._clock = ledger, faults, clock
        self._items: dict[str, _Item] = {}
        ledger.on("content", self._on_content)
        ledger.on("content-gone", self._on_gone)

    def keep(self, message_id: str, kind: str, content: bytes) -> None:
        """Keep what was sent with a message."""
        self._ledger.keep(message_id, content)
        mime = _mime(kind, content)
        self._ledger.write("content", {"id": message_id, "kind": kind, "mime": mime, "at": self._clock()})

    def take_back(self, message_id: str) -> None:
        """Forget the content of an unsent message, if it had any."""
        if message_id in self._items:
            self._ledger.drop(message_id)
            self._ledger.write("content-gone", {"id": message_id})

    def get(self, message_id: str, *, preview: bool = False) -> tuple[int, str, bytes]:
        """Status, MIME type and bytes as the bot gets them, with faults; previews are small JPEGs."""
        item = self._items.get(message_id)
        if item is None or (preview and item.kind not in ("image", "video")):
            return 404, "", b""
        if item.taken_back:
            return 410, "", b""
        if self._faults.take_not_ready(self._clock() - item.at):
            return 202, "", b""
        content = self._ledger.fetch(message_id) or b""
        return (200, "image/jpeg", _preview(content)) if preview else (200, item.mime, content)

    def status(self, message_id: str) -> str | None:
        """Preparation state of a video or voice message for the transcoding question; None = unknown."""
        item = self._items.get(message_id)
        if item is None or item.taken_back or item.kind not in ("video", "audio"):
            return None
        return "processing" if self._faults.take_not_ready(self._clock() - item.at) else "succeeded"

    def shown(self, message_id: str) -> tuple[str, bytes] | None:
        """MIME type and bytes as the sender's own phone shows them: always ready, until unsent."""
        item = self._items.get(message_id)
        content = self._ledger.fetch(message_id) if item and not item.taken_back else None
        return (item.mime, content) if item and content is not None else None

    def _on_content(self, data: Data) -> None:
        self._items[data["id"]] = _Item(data["kind"], data["mime"], data["at"])

    def _on_gone(self, data: Data) -> None:
        self._items[data["id"]].taken_back = True


def _mime(kind: str, content: bytes) -> str:
    for start, mime in _MAGIC.items():
        if content.startswith(start):
            return mime
    return _DEFAULT_TYPES.get(kind, "application/octet-stream")


def _preview(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (_PREVIEW_PIXELS, _PREVIEW_PIXELS))
            small = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        small = Image.new("RGB", (_PREVIEW_PIXELS, _PREVIEW_PIXELS), "#9aa5ad")
    small.thumbnail((_PREVIEW_PIXELS, _PREVIEW_PIXELS))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()
