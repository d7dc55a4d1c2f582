"""With a journal the simulator goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

from bot.web.simulator.server import LineSimulator
from bot.web.simulator.site import create_line_app
from tests.bot.simulator.kit import KEY, MALI, SECRET, TOKEN, Clock, Line, words


def _start(journal: Path, clock: Clock) -> tuple[LineSimulator, Line]:
    sim = LineSimulator(SECRET, TOKEN, journal, clock)
    return sim, Line(create_line_app(sim).test_client())


def test_chats_tokens_keys_and_content_outlive_a_restart(tmp_path: Path, clock: Clock) -> None:
    journal = tmp_path / "var" / "simulator.jsonl"
    before, line = _start(journal, clock)
    before.person(MALI, "มะลิ", "ประชาชน")
    used, open_token = before.say(MALI, "ก")["replyToken"], before.say(MALI, "ข")["replyToken"]
    photo = before.photo(MALI, b"\xff\xd8\xffphoto")
    line.reply(used, words())
    line.push(MALI, words("สวัสดี"), key=KEY)

    after, line = _start(journal, clock)
    assert after.chats.people == before.chats.people
    assert after.chat(MALI) == before.chat(MALI)
    assert after.sent == before.sent
    assert line.push(MALI, words(), key=KEY).status_code == 409
    assert line.reply(used, words()).status_code == 400
    assert line.reply(open_token, words()).status_code == 200
    assert line.get(f"/v2/bot/message/{photo['message']['id']}/content").data == b"\xff\xd8\xffphoto"


def test_blocking_and_unsending_outlive_a_restart(tmp_path: Path, clock: Clock) -> None:
    before, _ = _start(tmp_path / "journal.jsonl", clock)
    photo = before.photo(MALI, b"\xff\xd8\xff")
    before.unsend(MALI, photo["message"]["id"])
    before.unfollow(MALI)
    after, line = _start(tmp_path / "journal.jsonl", clock)
    assert after.chats.people[MALI].friend is False
    assert after.chat(MALI)[0]["unsent"] is True
    assert line.get(f"/v2/bot/message/{photo['message']['id']}/content").status_code == 410


def test_a_line_torn_by_a_crash_is_cut_off(tmp_path: Path, clock: Clock) -> None:
    journal = tmp_path / "journal.jsonl"
    before, _ = _start(journal, clock)
    before.say(MALI, "ก")
    with journal.open("a") as torn:
        torn.write('{"kind": "per')
    middle, _ = _start(journal, clock)
    middle.say(MALI, "ข")
    after, _ = _start(journal, clock)
    assert [entry["messages"][0]["text"] for entry in after.chat(MALI)] == ["ก", "ข"]
