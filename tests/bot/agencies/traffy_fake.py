"""Traffy Fondue's Exchange at the wire, as its public document describes it; what it does not describe it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request

USER, PASSWORD = "city", "very-secret-word"


@dataclass
class FakeTraffy:
    """Tickets by number. ``broken``: answers 500 before doing anything; ``lost``: does it, then answers 500."""

    now: Any = lambda: 0.0
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
    life: float = 3600.0
    logins: int = 0
    credit: int | None = None
    broken: bool = False
    lost: int = 0
    revoked: bool = False
    calls: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    origin: str = ""

    def app(self) -> Flask:
        app = Flask("traffy")
        app.add_url_rule("/get-auth/v1", view_func=self._auth, methods=["POST"])
        for method, path, view in (
            ("GET", "/get-issues/v2", self._list),
            ("GET", "/get-issue/v1", self._get),
            ("POST", "/new-issue/v1", self._new),
            ("PATCH", "/update-issue/v1", self._update),
            ("POST", "/comment/v1", self._comment),
            ("POST", "/join-forward/v1", self._forward),
        ):
            app.add_url_rule(path, path, self._guarded(path, view), methods=[method])
        app.add_url_rule("/photo.jpg", "photo", lambda: Response(_picture(), content_type="image/jpeg"))
        return app

    def answer(self, results: Any = None, fail: str = "") -> Any:
        status = "fail" if fail else "success"
        return jsonify(
            status=status, message=fail, exec_time=0.1, credit_balance=self.credit, results=results
        )

    def _auth(self) -> Any:
        if self.broken:
            return Response("oops", 500)
        body = request.get_json()
        if (body.get("user"), body.get("pass")) != (USER, PASSWORD):
            return self.answer(fail="Invalid user or pass")
        self.logins += 1
        token = f"token-{self.logins}-secret"
        self.tokens[token] = self.now() + self.life
        return self.answer({"token": token, "expire_timestamp": int(self.tokens[token])})

    def _guarded(self, path: str, view: Any) -> Any:
        def guarded() -> Any:
            self.calls.append(path)
            if self.broken:
                return Response("oops", 500)
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in self.tokens:
                return self.answer(fail="ERR 1 - Invalid token")
            if self.tokens[token] <= self.now():
                return self.answer(fail="This token has expired")
            if self.credit is not None:
                if self.credit <= 0:
                    return self.answer(fail="Running out of API usage quota")
                self.credit -= 1
            done = view()
            if self.lost:
                self.lost -= 1
                return Response("oops", 500)
            return done

        return guarded

    def add(self, number: str, **more: Any) -> dict[str, Any]:
        ticket = {
            "ticket_id": number,
            "type": "{ถนน}",
            "description": "ถนนเป็นหลุมหน้าตลาดเช้า",
            "photo": [],
            "latitude": 17.4883,
            "longitude": 101.7271,
            "address": "ถนนเจริญรัฐ",
            "status": "รอรับเรื่อง",
            "orgs": [],
            "timeline": [],
            **more,
        }
        self.tickets[number] = ticket
        return ticket

    def says(
        self, number: str, status: str, note: str, photo: tuple[str, ...] = (), org: str = "แขวง"
    ) -> None:
        ticket = self.tickets[number]
        stamp = f"2026-11-23T10:{len(ticket['timeline']):02d}:00"
        ticket["timeline"].append(
            {"timestamp": stamp, "status": status, "org": org, "note": note, "photo": list(photo)}
        )
        ticket["status"] = status

    def _list(self) -> Any:
        orgs = request.args["org_id"].split(",")
        if request.args["duration"] not in ("today", "3days", "all"):
            return self.answer(fail="duration is not specified")
        found = [t for t in self.tickets.values() if {o["org_id"] for o in t["orgs"]} & set(orgs)]
        return self.answer([{k: v for k, v in t.items() if k not in ("orgs", "timeline")} for t in found])

    def _get(self) -> Any:
        ticket = self.tickets.get(request.args.get("ticket_id", ""))
        return self.answer(ticket) if ticket else self.answer(fail="ticket_id is not specified")

    def _new(self) -> Any:
        body = request.get_json()
        for name in ("latitude", "longitude"):
            if not isinstance(body.get(name), float):
                return self.answer(fail=f"{name} is not specified")
        allowed = {
            "latitude", "longitude", "description", "category_name_th", "photo", "address", "org_id",
            "client_ticket_id", "client_timestamp",
        }  # fmt: skip
        if not set(body) <= allowed or not all(str(p).startswith("https://") for p in body["photo"]):
            return self.answer(fail="Invalid input JSON format")
        number = f"2026-{len(self.tickets) + 1:06d}"
        self.add(
            number, description=body["description"], photo=body["photo"], address=body["address"],
            orgs=[{"org_id": body["org_id"], "org": "แขวง"}], client=body["client_ticket_id"], kind=body["category_name_th"],
        )  # fmt: skip
        return self.answer({"ticket_id": number, "client_ticket_id": body["client_ticket_id"]})

    def _update(self) -> Any:
        body = request.get_json()
        if not body.get("note"):
            return self.answer(fail="note is not specified")
        if body["state_name"] not in ("รอรับเรื่อง", "กำลังดำเนินการ", "เสร็จสิ้น", "ส่งต่อ", "ไม่เกี่ยวข้อง"):
            return self.answer(fail="state_name is not specified")
        if body.get("ticket_id") not in self.tickets:
            return self.answer(fail="ticket_id is not specified")
        self.says(body["ticket_id"], body["state_name"], body["note"], tuple(body["photo"]), "เทศบาล")
        return self.answer({})

    def _comment(self) -> Any:
        body = request.get_json()
        if body.get("comment_type") not in ("chat", "chat_staff_only", "comment") or not body.get("comment"):
            return self.answer(fail="comment is not specified")
        if body.get("ticket_id") not in self.tickets:
            return self.answer(fail="ticket_id is not specified")
        self.comments.append(body)
        return self.answer({})

    def _forward(self) -> Any:
        body = request.get_json()
        ticket = self.tickets[body["ticket_id"]]
        if body["scenario"] not in (1, 2) or not isinstance(body["destination_group"], list):
            return self.answer(fail="scenario is not specified")
        ticket["orgs"] += [{"org_id": org, "org": org} for org in body["destination_group"]]
        return self.answer({})


def _picture() -> bytes:
    from tests.bot.agencies.kit import picture

    return picture(60)
