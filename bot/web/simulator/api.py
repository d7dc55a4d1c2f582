"""The Messaging API's routes: they read requests, show faults and write answers. The rules lie elsewhere."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import socket
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot.line import limits
from bot.web.simulator import events
from bot.web.simulator.faults import DROPPED
from bot.web.simulator.outgoing import Answer, invalid, refusal

if TYPE_CHECKING:
    from bot.web.simulator.server import LineSimulator

_SENDS = {"reply", "push", "multicast"}
_UNAUTHORIZED = "Authentication failed. Confirm that the access token in the authorization header is valid."
_RATE = "The API rate limit has been exceeded. Try again later."


def blueprint(sim: LineSimulator) -> Blueprint:
    """The Messaging API but for rich menus."""
    routes = api_blueprint("messaging_api", sim)
    _messages(routes, sim)
    _content(routes, sim)
    _profiles(routes, sim)
    _channel(routes, sim)
    return routes


def api_blueprint(name: str, sim: LineSimulator) -> Blueprint:
    """A blueprint whose every request needs the channel's token and whose every answer has a request id."""
    routes = Blueprint(name, __name__)

    @routes.before_request
    def authenticate() -> Response | None:
        request.max_content_length = limits.MAX_BODY_BYTES
        shown = request.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {sim.token}".encode()):
            return respond(refusal(_UNAUTHORIZED, 401))
        return None

    @routes.errorhandler(RequestEntityTooLarge)
    def too_large(_: RequestEntityTooLarge) -> Response:
        return respond(refusal("Request exceeds the max size of 2MB", 413))

    return routes


def respond(answer: Answer) -> Response:
    """An HTTP response with LINE's headers."""
    text = json.dumps(answer.body, ensure_ascii=False)
    response = Response(text, answer.status, content_type="application/json")
    response.headers["x-line-request-id"] = str(uuid.uuid4())
    response.headers.update(answer.headers)
    return response


def with_json(act: Callable[[Any], Answer]) -> Response:
    """Answer with `act(body)`, or with LINE's refusal when the body is no JSON object."""
    if request.mimetype != "application/json":
        return respond(refusal("Unsupported Media Type", 415))
    try:
        body = json.loads(request.get_data())
    except ValueError:
        return respond(refusal("The request body could not be parsed as JSON (line: 1, column: 1)"))
    if not isinstance(body, dict):
        return respond(refusal("The request body must be a JSON object"))
    return respond(act(body))


def _messages(routes: Blueprint, sim: LineSimulator) -> None:
    @routes.post("/v2/bot/message/<any(reply, push, multicast):how>")
    def send(how: str) -> Response:
        failure = sim.faults.take_failure()
        if failure is not None and not failure.accepted:
            return _fail(failure.status)
        answer = with_json(lambda body: _send(sim, how, body))
        time.sleep(sim.faults.seconds)
        return answer if failure is None else _fail(failure.status)

    @routes.post("/v2/bot/message/validate/<any(reply, push, multicast):how>")
    def validate(how: str) -> Response:
        def judge(body: Any) -> Answer:
            faults = limits.request_errors("validate", body)
            return invalid(faults) if faults else Answer(200, {})

        return with_json(judge)

    @routes.get("/v2/bot/message/quota")
    def quota() -> Response:
        limit = sim.outgoing.quota
        return respond(
            Answer(200, {"type": "none"} if limit is None else {"type": "limited", "value": limit})
        )

    @routes.get("/v2/bot/message/quota/consumption")
    def consumption() -> Response:
        return respond(Answer(200, {"totalUsage": sim.outgoing.consumption()}))

    @routes.post("/v2/bot/chat/loading/start")
    def loading() -> Response:
        return with_json(lambda body: _loading(sim, body))


def _send(sim: LineSimulator, how: str, body: Any) -> Answer:
    acts = {"reply": sim.outgoing.reply, "push": sim.outgoing.push, "multicast": sim.outgoing.multicast}
    with sim.ledger.lock:
        return acts[how](body, request.headers.get("x-line-retry-key"))


def _fail(status: int) -> Response:
    if status == DROPPED:
        _hang_up()
    return respond(refusal(_RATE if status == 429 else "Internal Server Error", status or 500))


def _hang_up() -> None:
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _loading(sim: LineSimulator, body: Any) -> Answer:
    seconds = body.get("loadingSeconds", 20)
    if not events.USER_ID.fullmatch(str(body.get("chatId"))):
        return invalid([("chatId", "must be a user id")])
    if isinstance(seconds, bool) or seconds not in range(5, 61, 5):
        return invalid([("loadingSeconds", "must be 5 to 60 in steps of 5")])
    sim.chats.typing(body["chatId"], sim.clock() + seconds)
    return Answer(202, {})


def _content(routes: Blueprint, sim: LineSimulator) -> None:
    def give(message_id: str, preview: bool) -> Response:
        status, mime, content = sim.media.get(message_id, preview=preview)
        if status in (404, 410):
            return respond(refusal("Not found" if status == 404 else "Gone", status))
        response = Response(content, status, content_type=mime or None)
        response.headers["x-line-request-id"] = str(uuid.uuid4())
        return response

    @routes.get("/v2/bot/message/<message_id>/content")
    def content(message_id: str) -> Response:
        return give(message_id, preview=False)

    @routes.get("/v2/bot/message/<message_id>/content/preview")
    def preview(message_id: str) -> Response:
        return give(message_id, preview=True)

    @routes.get("/v2/bot/message/<message_id>/content/transcoding")
    def transcoding(message_id: str) -> Response:
        status = sim.media.status(message_id)
        return respond(refusal("Not found", 404) if status is None else Answer(200, {"status": status}))


def _profiles(routes: Blueprint, sim: LineSimulator) -> None:
    def profile_of(user_id: str, visible: bool, **more: str) -> Response:
        person = sim.chats.people.get(user_id)
        if person is None or not visible:
            return respond(refusal("Not found", 404))
        return respond(Answer(200, {"userId": user_id, "displayName": person.name, **more}))

    @routes.get("/v2/bot/profile/<user_id>")
    def profile(user_id: str) -> Response:
        person = sim.chats.people.get(user_id)
        return profile_of(user_id, person is not None and person.friend, language="th")

    @routes.get("/v2/bot/<any(group, room):kind>/<group_id>/member/<user_id>")
    def member(kind: str, group_id: str, user_id: str) -> Response:
        group = sim.chats.groups.get(group_id)
        return profile_of(user_id, group is not None and group.joined and user_id in group.members)

    @routes.get("/v2/bot/<any(group, room):kind>/<group_id>/members/count")
    def members(kind: str, group_id: str) -> Response:
        group = sim.chats.groups.get(group_id)
        if group is None or not group.joined:
            return respond(refusal("Not found", 404))
        return respond(Answer(200, {"count": len(group.members)}))

    @routes.get("/v2/bot/group/<group_id>/summary")
    def summary(group_id: str) -> Response:
        group = sim.chats.groups.get(group_id)
        if group is None or not group.joined:
            return respond(refusal("Not found", 404))
        return respond(Answer(200, {"groupId": group_id, "groupName": group.name}))


def _channel(routes: Blueprint, sim: LineSimulator) -> None:
    @routes.get("/v2/bot/info")
    def info() -> Response:
        about = {"userId": sim.bot_id, "basicId": "@000saan", "displayName": sim.bot_name}
        return respond(Answer(200, {**about, "chatMode": "bot", "markAsReadMode": "auto"}))

    @routes.get("/v2/bot/channel/webhook/endpoint")
    def get_endpoint() -> Response:
        if sim.endpoint is None:
            return respond(refusal("Webhook endpoint URL is not set", 404))
        return respond(Answer(200, {"endpoint": sim.endpoint, "active": True}))

    @routes.put("/v2/bot/channel/webhook/endpoint")
    def put_endpoint() -> Response:
        return with_json(lambda body: _set_endpoint(sim, body))

    @routes.post("/v2/bot/channel/webhook/test")
    def test_endpoint() -> Response:
        return respond(_test_endpoint(sim))


def _set_endpoint(sim: LineSimulator, body: Any) -> Answer:
    endpoint = body.get("endpoint")
    if not isinstance(endpoint, str) or not 1 <= len(endpoint) <= 500 or not _reachable(endpoint):
        return refusal("Invalid webhook endpoint URL")
    sim.ledger.write("endpoint", {"endpoint": endpoint})
    return Answer(200, {})


def _reachable(endpoint: str) -> bool:
    """LINE takes https only; the simulator also takes plain http on the machine itself."""
    parts = urlsplit(endpoint)
    here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))


def _test_endpoint(sim: LineSimulator) -> Answer:
    """The test goes where webhooks go (`post_to`), never to an address named in a request."""
    status = sim.deliver() or 0
    at = dt.datetime.fromtimestamp(sim.clock(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    reason = "OK" if status == 200 else "ERROR_STATUS_CODE" if status else "COULD_NOT_CONNECT"
    body = {
        "success": status == 200,
        "timestamp": at,
        "statusCode": status,
        "reason": reason,
        "detail": str(status),
    }
    return Answer(200, body)
