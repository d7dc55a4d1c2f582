"""Whole chats as they are written down beside this file."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from tests.town import Town
from tests.transcripts.play import play, scripts


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.stem)
def test_the_chat_goes_as_it_is_written_down(path: Path, store: Store) -> None:
    written = path.read_text("utf-8")
    assert play(written, Town(store)) == written


def test_there_are_transcripts_to_play() -> None:
    assert len(scripts()) >= 10
