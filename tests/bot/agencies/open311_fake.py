"""An Open311 GeoReport v2 server at the wire, strict about the standard: forms in, JSON or XML out, errors as told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from flask import Flask, Response, jsonify, request

KEY = "open311-very-secret"


@dataclass
class FakeOpen311:
    """``forms``: which it speaks; ``tokens``: answers a POST with a token; ``lost``: does it, then answers 500."""

    forms: tuple[str, ...] = ("json", "xml")
    tokens: bool = False
    updates_known: bool = True
    lost: int = 0
    broken: bool = False
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("open311")
        app.add_url_rule("/v2/requests.<form>", "post", self._post, methods=["POST"])
        app.add_url_rule("/v2/requests.<form>", "list", self._list)
        app.add_url_rule("/v2/requests/<number>.<form>", "one", self._one)
        app.add_url_rule("/v2/tokens/<token>.<form>", "token", self._token)
        if self.updates_known:
            app.add_url_rule("/v2/servicerequestupdates.<form>", "say", self._say, methods=["POST"])
            app.add_url_rule("/v2/servicerequestupdates.<form>", "said", self._said)
        app.before_request(self._before)
        return app

    def _before(self) -> Any:
        if self.broken:
            return Response("down", 503)
        form = (request.view_args or {}).get("form")
        if form is not None and form not in self.forms:
            return Response("", 404)
        if (request.values.get("jurisdiction_id") or "") != "loei.example":
            return self._fault(form or "json", 404, "jurisdiction_id was not found")
        if request.method == "POST":
            if request.mimetype != "application/x-www-form-urlencoded":
                return self._fault(form or "json", 400, "forms only")
            if request.form.get("api_key") != KEY:
                return self._fault(form or "json", 403, "api_key is invalid")
        return None

    def _fault(self, form: str, code: int, words: str) -> Response:
        return self._give(form, "errors", "error", [{"code": str(code), "description": words}], code)

    def _give(self, form: str, many: str, one: str, rows: list[dict[str, Any]], code: int = 200) -> Response:
        if form == "json":
            made = jsonify(rows)
            made.status_code = code
            return made
        inner = "".join(
            f"<{one}>" + "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in row.items()) + f"</{one}>"
            for row in rows
        )
        body = f'<?xml version="1.0" encoding="utf-8"?><{many}>{inner}</{many}>'
        return Response(body, code, content_type="text/xml; charset=utf-8")

    def _post(self, form: str) -> Response:
        said = request.form
        if not said.get("service_code"):
            return self._fault(form, 400, "service_code was not provided")
        if said["service_code"] not in ("pothole", "general"):
            return self._fault(form, 404, "service_code was not found")
        float(said["lat"]), float(said["long"])
        number = f"REQ-{len(self.requests) + 1}"
        stamp = datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self.requests[number] = {
            "service_request_id": number,
            "status": "open",
            "status_notes": "",
            "service_code": said["service_code"],
            "description": said["description"],
            "requested_datetime": stamp,
            "media_url": said.get("media_url", ""),
        }
        if self.lost:
            self.lost -= 1
            return Response("lost", 500)
        if self.tokens:
            self.waiting[f"t-{number}"] = ""
            return self._give(form, "service_requests", "request", [{"token": f"t-{number}"}], 201)
        return self._give(form, "service_requests", "request", [{"service_request_id": number}], 201)

    def _list(self, form: str) -> Response:
        for name in ("start_date", "end_date"):
            datetime.strptime(request.args[name], "%Y-%m-%dT%H:%M:%SZ")
        found = [r for r in self.requests.values() if r["service_code"] == request.args["service_code"]]
        return self._give(form, "service_requests", "request", found)

    def _one(self, number: str, form: str) -> Response:
        if number not in self.requests:
            return self._fault(form, 404, "service_request_id was not found")
        return self._give(form, "service_requests", "request", [self.requests[number]])

    def _token(self, token: str, form: str) -> Response:
        row = {"token": token, "service_request_id": self.waiting[token]}
        return self._give(form, "service_requests", "request", [row])

    def _say(self, form: str) -> Response:
        said = request.form
        for name in ("service_request_id", "updated_datetime", "update_id", "status", "description"):
            if not said.get(name):
                return self._fault(form, 400, f"{name} was not provided")
        if said["status"] not in ("OPEN", "CLOSED"):
            return self._fault(form, 400, "status is not known")
        self.updates.append(dict(said))
        if self.lost:
            self.lost -= 1
            return Response("lost", 500)
        return self._give(
            form, "service_request_updates", "request_update", [{"update_id": said["update_id"]}]
        )

    def _said(self, form: str) -> Response:
        names = ("update_id", "service_request_id", "status", "updated_datetime", "description", "media_url")
        rows = [{name: update.get(name, "") for name in names} for update in self.updates]
        return self._give(form, "service_request_updates", "request_update", rows)

    def says(self, number: str, words: str, status: str = "open") -> None:
        self.updates.append(
            {
                "update_id": f"theirs-{len(self.updates)}",
                "service_request_id": number,
                "status": status,
                "updated_datetime": f"2026-11-23T10:{len(self.updates):02d}:00Z",
                "description": words,
            }
        )
