"""Pictures are kept without what they tell of the phone, and nothing broken gets through."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.media_store import MediaStore, stripped

TOKEN = "-_abcDEF0123456789"


def photo(width: int = 640, height: int = 480, **save: object) -> bytes:
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, 0, width // 2, height))  # the left half is blue
    out = io.BytesIO()
    image.save(out, **{"format": "JPEG", **save})  # type: ignore[arg-type]
    return out.getvalue()


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (17.0, 29.0, 10.0)
    return photo(exif=exif, comment=b"secret comment", icc_profile=b"secret profile" * 20)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.fixture(params=["folder", "memory"])
def media(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    return MediaStore(str(tmp_path / "media") if request.param == "folder" else f"memory://{tmp_path.name}")


def test_a_kept_photo_can_be_read_in_three_sizes(media: MediaStore) -> None:
    content = photo(3000, 2000)
    media.keep(TOKEN, content)
    assert media.read(TOKEN, "original") == content
    assert opened(media.read(TOKEN, "full") or b"").size == (1600, 1067)
    assert opened(media.read(TOKEN, "small") or b"").size == (480, 320)
    assert media.read(TOKEN, "huge") is None and media.read("nobody-knows", "full") is None


def test_a_removed_photo_is_gone_in_all_sizes(media: MediaStore) -> None:
    media.keep(TOKEN, photo())
    media.remove(TOKEN)
    media.remove(TOKEN)
    assert [media.read(TOKEN, size) for size in ("original", "full", "small")] == [None] * 3


def test_what_a_photo_tells_beside_the_picture_is_left_out() -> None:
    content = with_exif()
    assert b"SecretPhone" in content and b"secret comment" in content
    for made in stripped(content).values():
        assert b"ecret" not in made and b"Exif" not in made and b"ICC_PROFILE" not in made
        assert dict(opened(made).getexif()) == {}


def test_a_small_photo_is_not_blown_up() -> None:
    assert opened(stripped(photo(100, 50))["full"]).size == (100, 50)


def test_the_picture_stands_upright() -> None:
    upright = opened(stripped(with_exif(orientation=6))["small"])  # turned a quarter clockwise when shown
    assert upright.size == (360, 480)
    assert (
        isinstance(top := upright.getpixel((180, 20)), tuple) and top[2] > 200
    )  # blue came from the left to the top


def test_transparency_becomes_white_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    pixel = opened(stripped(out.getvalue())["full"]).getpixel((25, 25))
    assert isinstance(pixel, tuple) and min(pixel) > 250


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP"])
def test_other_formats(kind: str) -> None:
    content = photo(format=kind)
    if kind == "BMP":
        with pytest.raises(ValueError, match="not a picture"):
            stripped(content)
    else:
        assert opened(stripped(content)["small"]).format == "JPEG"


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 2.5 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))


BROKEN = {
    "nothing": b"",
    "words": b"this is not a picture",
    "a torn photo": photo()[:700],
    "a bomb": bomb(),
    "a page": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a document": b"%PDF-1.7",
    "a bare beginning": b"\xff\xd8\xff",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_whole_picture_is_refused_and_not_kept(media: MediaStore, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"picture|pixels"):
        media.keep(TOKEN, content)
    assert media.read(TOKEN, "original") is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_photos_are_shown_or_refused_but_never_an_accident(data: st.DataObject) -> None:
    content = bytearray(with_exif())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = stripped(bytes(content))
    except ValueError:
        return
    assert set(made) == {"full", "small"}


def test_files_are_written_listed_and_deleted(media: MediaStore) -> None:
    media.put("models/model-1.npz", b"one")
    media.put("models/model-2.npz", b"two")
    media.put("models/model-1.npz", b"three")
    assert media.list("models") == ["models/model-1.npz", "models/model-2.npz"]
    assert media.get("models/model-1.npz") == b"three"
    media.delete("models/model-1.npz")
    media.delete("models/model-1.npz")
    assert media.get("models/model-1.npz") is None
    assert media.list("nothing") == []


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a\x00", "a b", "ก", ".hidden", "a..b"]
)
def test_no_name_leads_out_of_the_folder(media: MediaStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a file name"):
        media.put(name, b"x")
    assert media.read("../../../etc/passwd", "full") is None
