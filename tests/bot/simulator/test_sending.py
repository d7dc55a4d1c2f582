"""The simulator accepts and refuses sends as LINE does."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from bot.web.simulator.server import LineSimulator
from tests.bot.simulator.kit import GROUP, KEY, MALI, SOMCHAI, Clock, Line, words


def _message(response: TestResponse) -> str:
    assert response.json is not None
    return str(response.json["message"])


def test_a_request_without_the_token_is_refused(line: Line) -> None:
    for headers in ({}, {"authorization": "Bearer other"}):
        answer = line.client.post("/v2/bot/message/push", data="{}", headers=headers)
        assert answer.status_code == 401
        assert _message(answer).startswith("Authentication failed")


def test_a_reply_reaches_the_chat_and_its_token_works_once(sim: LineSimulator, line: Line) -> None:
    token = sim.say(MALI, "ไฟดับ")["replyToken"]
    first = line.reply(token, words("รับเรื่องแล้ว"))
    assert first.status_code == 200
    assert first.headers["x-line-request-id"]
    assert first.json is not None and first.json["sentMessages"][0]["id"].isdigit()
    again = line.reply(token, words())
    assert (again.status_code, again.json) == (400, {"message": "Invalid reply token"})
    assert [(e["from"], e["how"]) for e in sim.chat(MALI)] == [("user", "message"), ("bot", "reply")]
    assert [send["how"] for send in sim.sent] == ["reply"]


def test_a_reply_token_dies_after_a_minute(sim: LineSimulator, line: Line, clock: Clock) -> None:
    young, old = sim.say(MALI, "ก")["replyToken"], sim.say(MALI, "ข")["replyToken"]
    clock.at += 60
    assert line.reply(young, words()).status_code == 200
    clock.at += 1
    assert _message(line.reply(old, words())) == "Invalid reply token"
    assert _message(line.reply("never-given", words())) == "Invalid reply token"


def test_a_refused_reply_does_not_use_the_token_up(sim: LineSimulator, line: Line) -> None:
    token = sim.say(MALI, "ก")["replyToken"]
    assert line.reply(token, words("")).status_code == 400
    assert line.reply(token, words("ข")).status_code == 200


def test_a_reply_with_a_retry_key_is_refused(sim: LineSimulator, line: Line) -> None:
    token = sim.say(MALI, "ก")["replyToken"]
    assert line.reply(token, words(), **{"x-line-retry-key": KEY}).status_code == 400
    assert sim.sent == []


def test_a_repeated_retry_key_is_accepted_once_for_a_day(
    sim: LineSimulator, line: Line, clock: Clock
) -> None:
    first = line.push(MALI, words(), key=KEY)
    again = line.push(MALI, words(), key=KEY)
    assert (again.status_code, _message(again)) == (409, "The retry key is already accepted")
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert first.json is not None and again.json is not None
    assert again.json["sentMessages"] == first.json["sentMessages"]
    assert len(sim.sent) == 1
    clock.at += 24 * 3600 + 1
    assert line.push(MALI, words(), key=KEY).status_code == 200


def test_a_retry_key_that_is_no_uuid_is_refused(line: Line) -> None:
    assert line.push(MALI, words(), key="again").status_code == 400


def test_the_quota_counts_recipients_and_not_replies(sim: LineSimulator, line: Line) -> None:
    sim.group(GROUP, [MALI, SOMCHAI])
    line.reply(sim.say(MALI, "ก")["replyToken"], words())
    line.push(MALI, words(), words())
    line.push(GROUP, words())
    line.post("/v2/bot/message/multicast", {"to": [MALI, SOMCHAI], "messages": [words()]})
    assert line.get("/v2/bot/message/quota").json == {"type": "limited", "value": 300}
    assert line.get("/v2/bot/message/quota/consumption").json == {"totalUsage": 5}


def test_the_quota_starts_again_with_the_month(sim: LineSimulator, line: Line, clock: Clock) -> None:
    line.push(MALI, words())
    clock.at += 32 * 86400
    assert sim.outgoing.consumption() == 0


def test_over_the_monthly_limit_pushes_are_refused_and_replies_go(sim: LineSimulator, line: Line) -> None:
    sim.outgoing.quota = 1
    assert line.push(MALI, words(), key=KEY).status_code == 200
    over = line.push(MALI, words())
    assert (over.status_code, _message(over)) == (429, "You have reached your monthly limit.")
    assert line.push(MALI, words(), key=KEY).status_code == 409
    assert line.reply(sim.say(MALI, "ก")["replyToken"], words()).status_code == 200


def test_the_monthly_limit_can_be_switched_on(sim: LineSimulator, line: Line) -> None:
    sim.faults.monthly_limit(True)
    assert line.push(MALI, words()).status_code == 429
    sim.faults.monthly_limit(False)
    assert line.push(MALI, words()).status_code == 200


def test_pushes_to_blocked_and_unknown_users_succeed_without_arriving(sim: LineSimulator, line: Line) -> None:
    sim.unfollow(MALI)
    assert line.push(MALI, words()).status_code == 200
    assert line.push("U" + "9" * 32, words()).status_code == 200
    assert [entry["from"] for entry in sim.chat(MALI)] == ["user"]
    assert sim.outgoing.consumption() == 0
    sim.follow(MALI)
    line.push(MALI, words())
    assert sim.chat(MALI)[-1]["from"] == "bot"


@pytest.mark.parametrize("to", ["nobody", "U123", "", "u" + "a" * 32])
def test_malformed_receivers_are_refused(line: Line, to: str) -> None:
    assert line.push(to, words()).status_code == 400


def test_a_group_without_the_bot_cannot_be_reached(sim: LineSimulator, line: Line) -> None:
    sim.join(GROUP, [MALI])
    assert line.push(GROUP, words()).status_code == 200
    sim.leave(GROUP)
    assert line.push(GROUP, words()).status_code == 400


def test_multicast_takes_user_ids_only_and_answers_an_empty_object(line: Line) -> None:
    path = "/v2/bot/message/multicast"
    assert line.post(path, {"to": [MALI, SOMCHAI], "messages": [words()]}).json == {}
    assert line.post(path, {"to": [GROUP], "messages": [words()]}).status_code == 400
    assert line.post(path, {"to": [MALI] * 501, "messages": [words()]}).status_code == 400


def test_faults_of_a_body_are_named_with_their_place(line: Line) -> None:
    answer = line.push(MALI, words(), {"type": "text"})
    assert answer.json == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[1].text"}],
    }


def test_validation_judges_without_sending(sim: LineSimulator, line: Line) -> None:
    for how in ("reply", "push", "multicast"):
        assert line.post(f"/v2/bot/message/validate/{how}", {"messages": [words()]}).status_code == 200
        assert line.post(f"/v2/bot/message/validate/{how}", {"messages": [words("")]}).status_code == 400
    assert sim.sent == []


def test_bodies_that_are_no_json_object_are_refused(line: Line) -> None:
    headers = {"authorization": "Bearer a-token", "content-type": "application/json"}
    for raw in (b"{", b"[]", b"\xff"):
        assert line.client.post("/v2/bot/message/push", data=raw, headers=headers).status_code == 400
    plain = line.client.post(
        "/v2/bot/message/push", data=b"{}", headers={**headers, "content-type": "text/plain"}
    )
    assert plain.status_code == 415
    huge = line.client.post("/v2/bot/message/push", data=b" " * (2 * 1024 * 1024 + 1), headers=headers)
    assert huge.status_code == 413


def test_a_send_can_be_made_to_fail_before_or_after_it_is_accepted(sim: LineSimulator, line: Line) -> None:
    sim.faults.fail_next(1)
    assert line.push(MALI, words(), key=KEY).status_code == 500
    assert sim.sent == []
    sim.faults.fail_next(1, status=503, accepted=True)
    assert line.push(MALI, words(), key=KEY).status_code == 503
    assert len(sim.sent) == 1
    assert line.push(MALI, words(), key=KEY).status_code == 409


def test_a_rate_limit_says_something_else_than_the_monthly_limit(sim: LineSimulator, line: Line) -> None:
    sim.faults.rate_limit(2)
    assert [line.push(MALI, words()).status_code for _ in range(3)] == [429, 429, 200]
    sim.faults.rate_limit(1)
    assert "monthly" not in _message(line.push(MALI, words()))


def test_the_loading_sign_is_for_users_and_steps_of_five_seconds(sim: LineSimulator, line: Line) -> None:
    path = "/v2/bot/chat/loading/start"
    assert line.post(path, {"chatId": MALI, "loadingSeconds": 10}).status_code == 202
    assert sim.chats.typing_now(sim.clock()) == {MALI: 10}
    assert line.post(path, {"chatId": MALI, "loadingSeconds": 7}).status_code == 400
    assert line.post(path, {"chatId": GROUP}).status_code == 400
    line.push(MALI, words())
    assert sim.chats.typing_now(sim.clock()) == {}
