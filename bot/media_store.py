"""Keeps pictures and model files in a folder or a bucket (fsspec), and makes pictures safe to show.

What a photo tells beside the picture (where and when it was taken, whose phone) is left behind: only pixels are
written anew. The original stays private and is never served.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import uuid
from typing import Any

from PIL import Image, ImageOps

MAX_PIXELS = 60_000_000
"""Larger pictures are refused before they are unpacked: a small file may unpack to gigabytes."""
SIZES = {"full": 1600, "small": 480}
"""Longest side in pixels."""
QUALITY = 82
ORIGINAL = "original"
_PICTURES = "photos"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127})*", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")


class MediaStore:
    """The ``Pictures`` port, and plain files by name. ``url``: a folder, or ``s3://bucket/prefix``."""

    def __init__(self, url: str) -> None:
        import fsspec

        remote = "://" in url and not url.startswith("file://")
        self._files, root = fsspec.core.url_to_fs(
            url if remote else os.path.abspath(url.removeprefix("file://"))
        )
        self._root = root.rstrip("/")
        self._local = not remote

    def keep(self, token: str, content: bytes) -> None:
        """Store the original and the stripped JPEGs; raises ValueError when it is not a picture."""
        made = {f"{size}.jpg": jpeg for size, jpeg in stripped(content).items()}
        for name, data in {ORIGINAL: content, **made}.items():
            self.put(self._picture(token, name), data)

    def read(self, token: str, size: str) -> bytes | None:
        """A kept picture, "original" (whatever it was), "full" or "small" (JPEG); None when there is none."""
        if size not in (ORIGINAL, *SIZES) or not _TOKEN.fullmatch(token):
            return None
        return self.get(self._picture(token, ORIGINAL if size == ORIGINAL else f"{size}.jpg"))

    def remove(self, token: str) -> None:
        """Delete all files of a picture; nothing happens when there are none."""
        for name in (ORIGINAL, *(f"{size}.jpg" for size in SIZES)):
            self.delete(self._picture(token, name))

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole: readers see the old one or the new one."""
        path = self._path(name)
        if not self._local:
            self._files.pipe_file(path, content)
            return
        self._files.makedirs(posixpath.dirname(path), exist_ok=True)
        fresh = f"{path}.{uuid.uuid4().hex}.tmp"
        with open(fresh, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)

    def get(self, name: str) -> bytes | None:
        """A file's content; None when there is none."""
        try:
            found: Any = self._files.cat_file(self._path(name))
        except FileNotFoundError:
            return None
        return bytes(found)

    def list(self, folder: str) -> list[str]:
        """Names of the files in a folder, sorted, as ``get`` takes them."""
        try:
            found = self._files.ls(self._path(folder), detail=True)
        except FileNotFoundError:
            return []
        names = [posixpath.basename(entry["name"]) for entry in found if entry["type"] == "file"]
        return sorted(f"{folder}/{name}" for name in names if not name.endswith(".tmp"))

    def delete(self, name: str) -> None:
        """Delete a file; nothing happens when there is none."""
        try:
            self._files.rm_file(self._path(name))
        except FileNotFoundError:
            pass

    def _picture(self, token: str, name: str) -> str:
        if not _TOKEN.fullmatch(token):
            raise ValueError("not a picture's token")
        # Folders by the first letters: some file systems are slow with very many entries in one.
        return f"{_PICTURES}/{_folder(token)}/{_safe(token)}/{name}"

    def _path(self, name: str) -> str:
        if not _NAME.fullmatch(name) or ".." in name:
            raise ValueError(f"not a file name: {name!r}")
        return f"{self._root}/{name}"


def _safe(token: str) -> str:
    """Tokens may begin with a dash or underscore, file names of ours may not."""
    return f"t{token}"


def _folder(token: str) -> str:
    return f"f{token[:2].lower()}"


def stripped(content: bytes) -> dict[str, bytes]:
    """JPEGs of each size, upright, with nothing in them but the picture. Raises ValueError for anything odd."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError("too many pixels")
            image.draft("RGB", (SIZES["full"], SIZES["full"]))  # a JPEG is unpacked no larger than needed
            upright = _on_white(_upright(image))
            return {size: _jpeg(upright, side) for size, side in SIZES.items()}
    except ValueError:
        raise
    except (
        Exception
    ) as error:  # Pillow raises OSError, SyntaxError, struct.error, MemoryError … on broken files
        raise ValueError(f"not a picture ({type(error).__name__})") from None


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the phone was held; as it is when its notes about that are broken."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # Pillow raises whatever broken bytes lead to
        return image


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG has not: on white, as a chat shows it."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        shown = image.convert("RGBA")
        paper = Image.new("RGB", shown.size, "white")
        paper.paste(shown, mask=shown.getchannel("A"))
        return paper
    return image.convert("RGB")


def _jpeg(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small.info.clear()  # comments and profiles would be written along
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True, exif=b"", icc_profile=None)
    return out.getvalue()
