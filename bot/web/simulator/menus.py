"""Rich menus: kept, linked to everybody or one user, and named by aliases."""

from __future__ import annotations

import io
import secrets

from PIL import Image, UnidentifiedImageError

from bot.line import limits
from bot.web.simulator.events import Json
from bot.web.simulator.ledger import Data, Ledger
from bot.web.simulator.outgoing import Answer, invalid, refusal

_MAX_IMAGE_BYTES = 1024 * 1024
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png"}
_OK = Answer(200, {})


class Menus:
    """The rich menus of the channel and who sees which: a user's own link wins over the default."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.menus: dict[str, Json] = {}
        self.links: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.default: str | None = None
        self._mime: dict[str, str] = {}
        ledger.on("menu", lambda data: self.menus.update({data["id"]: data["menu"]}))
        ledger.on("menu-image", lambda data: self._mime.update({data["id"]: data["mime"]}))
        ledger.on("menu-gone", self._on_gone)
        ledger.on("menu-default", self._on_default)
        ledger.on("menu-link", self._on_link)
        ledger.on("menu-alias", self._on_alias)

    def seen_by(self, user_id: str) -> str | None:
        """Id of the menu that this user's phone shows, or None."""
        return self.links.get(user_id, self.default)

    def image(self, menu_id: str) -> tuple[str, bytes] | None:
        """MIME type and bytes of a menu's image, or None."""
        content = self._ledger.fetch(f"menu-{menu_id}") if menu_id in self._mime else None
        return None if content is None else (self._mime[menu_id], content)

    def described(self, menu_id: str) -> Json:
        """A menu with its id, as LINE lists it."""
        return {"richMenuId": menu_id, **self.menus[menu_id]}

    def create(self, menu: object) -> Answer:
        """POST /v2/bot/richmenu."""
        if faults := limits.menu_errors(menu):
            return invalid(faults)
        menu_id = f"richmenu-{secrets.token_hex(16)}"
        self._ledger.write("menu", {"id": menu_id, "menu": menu})
        return Answer(200, {"richMenuId": menu_id})

    def upload(self, menu_id: str, mime: str, content: bytes) -> Answer:
        """POST /v2/bot/richmenu/{id}/content."""
        if menu_id not in self.menus:
            return refusal("Not found", 404)
        if menu_id in self._mime:
            return refusal("An image has already been uploaded to the richmenu")
        if (fault := self._image_fault(menu_id, mime, content)) is not None:
            return fault
        self._ledger.keep(f"menu-{menu_id}", content)
        self._ledger.write("menu-image", {"id": menu_id, "mime": mime})
        return _OK

    def _image_fault(self, menu_id: str, mime: str, content: bytes) -> Answer | None:
        if mime not in _FORMATS.values():
            return refusal("Unsupported Media Type", 415)
        if len(content) > _MAX_IMAGE_BYTES:
            return refusal("Request Entity Too Large", 413)
        try:
            with Image.open(io.BytesIO(content)) as picture:
                found, size = _FORMATS.get(picture.format or ""), picture.size
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
            return refusal("The image is invalid")
        wanted = self.menus[menu_id]["size"]
        if found != mime or size != (wanted["width"], wanted["height"]):
            return refusal("The image must have the type it says and the size of the richmenu")
        return None

    def delete(self, menu_id: str) -> Answer:
        """DELETE /v2/bot/richmenu/{id}: links and the default vanish with it."""
        if menu_id not in self.menus:
            return refusal("Not found", 404)
        self._ledger.drop(f"menu-{menu_id}")
        self._ledger.write("menu-gone", {"id": menu_id})
        return _OK

    def set_default(self, menu_id: str | None) -> Answer:
        """POST or DELETE /v2/bot/user/all/richmenu."""
        if menu_id is not None and (fault := self._not_showable(menu_id)):
            return fault
        self._ledger.write("menu-default", {"id": menu_id})
        return _OK

    def link(self, user_id: str, menu_id: str | None) -> Answer:
        """POST or DELETE /v2/bot/user/{userId}/richmenu."""
        if menu_id is not None and (fault := self._not_showable(menu_id)):
            return fault
        self._ledger.write("menu-link", {"user": user_id, "id": menu_id})
        return _OK

    def set_alias(self, alias: object, menu_id: object, *, new: bool) -> Answer:
        """POST /v2/bot/richmenu/alias (new) or /alias/{id} (change)."""
        if not isinstance(alias, str) or not alias or len(alias) > 32 or not _plain(alias):
            return invalid([("richMenuAliasId", "must match [a-z0-9_-]{1,32}")])
        if new and alias in self.aliases:
            return refusal("conflict richmenu alias id")
        if not new and alias not in self.aliases:
            return refusal("richmenu alias not found", 404)
        if not isinstance(menu_id, str) or menu_id not in self.menus:
            return refusal("richmenu not found")
        if (fault := self._not_showable(menu_id)) is not None:
            return fault
        self._ledger.write("menu-alias", {"alias": alias, "id": menu_id})
        return _OK

    def drop_alias(self, alias: str) -> Answer:
        """DELETE /v2/bot/richmenu/alias/{id}."""
        if alias not in self.aliases:
            return refusal("richmenu alias not found", 404)
        self._ledger.write("menu-alias", {"alias": alias, "id": None})
        return _OK

    def _not_showable(self, menu_id: str) -> Answer | None:
        if menu_id not in self.menus:
            return refusal("Not found", 404)
        if menu_id not in self._mime:
            return refusal("must upload richmenu image before applying it to user")
        return None

    def _on_gone(self, data: Data) -> None:
        self.menus.pop(data["id"], None)
        self._mime.pop(data["id"], None)
        self.links = {user: menu for user, menu in self.links.items() if menu != data["id"]}
        self.aliases = {alias: menu for alias, menu in self.aliases.items() if menu != data["id"]}
        self.default = None if self.default == data["id"] else self.default

    def _on_default(self, data: Data) -> None:
        self.default = data["id"]

    def _on_link(self, data: Data) -> None:
        _put(self.links, data["user"], data["id"])

    def _on_alias(self, data: Data) -> None:
        _put(self.aliases, data["alias"], data["id"])


def _put(table: dict[str, str], key: str, value: str | None) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _plain(alias: str) -> bool:
    return all(letter in "abcdefghijklmnopqrstuvwxyz0123456789_-" for letter in alias)
