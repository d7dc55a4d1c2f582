"""The Messaging API's rich menu routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from bot.line import limits
from bot.web.simulator.api import api_blueprint, respond, with_json
from bot.web.simulator.events import USER_ID
from bot.web.simulator.outgoing import Answer, invalid, refusal

if TYPE_CHECKING:
    from bot.web.simulator.server import LineSimulator


def blueprint(sim: LineSimulator) -> Blueprint:
    """Rich menus: make, check, give an image, link, name, delete."""
    routes = api_blueprint("rich_menus", sim)
    _making(routes, sim)
    _linking(routes, sim)
    _aliases(routes, sim)
    return routes


def _making(routes: Blueprint, sim: LineSimulator) -> None:
    @routes.post("/v2/bot/richmenu")
    def create() -> Response:
        return with_json(sim.menus.create)

    @routes.post("/v2/bot/richmenu/validate")
    def validate() -> Response:
        def judge(body: Any) -> Answer:
            faults = limits.menu_errors(body)
            return invalid(faults) if faults else Answer(200, {})

        return with_json(judge)

    @routes.get("/v2/bot/richmenu/list")
    def listed() -> Response:
        return respond(Answer(200, {"richmenus": [sim.menus.described(menu) for menu in sim.menus.menus]}))

    @routes.get("/v2/bot/richmenu/<menu_id>")
    def one(menu_id: str) -> Response:
        known = menu_id in sim.menus.menus
        return respond(Answer(200, sim.menus.described(menu_id)) if known else refusal("Not found", 404))

    @routes.delete("/v2/bot/richmenu/<menu_id>")
    def delete(menu_id: str) -> Response:
        return respond(sim.menus.delete(menu_id))

    @routes.post("/v2/bot/richmenu/<menu_id>/content")
    def upload(menu_id: str) -> Response:
        return respond(sim.menus.upload(menu_id, request.mimetype, request.get_data()))

    @routes.get("/v2/bot/richmenu/<menu_id>/content")
    def download(menu_id: str) -> Response:
        found = sim.menus.image(menu_id)
        return (
            respond(refusal("Not found", 404)) if found is None else Response(found[1], content_type=found[0])
        )


def _linking(routes: Blueprint, sim: LineSimulator) -> None:
    @routes.post("/v2/bot/user/all/richmenu/<menu_id>")
    def set_default(menu_id: str) -> Response:
        return respond(sim.menus.set_default(menu_id))

    @routes.get("/v2/bot/user/all/richmenu")
    def get_default() -> Response:
        return respond(_which(sim.menus.default))

    @routes.delete("/v2/bot/user/all/richmenu")
    def drop_default() -> Response:
        return respond(sim.menus.set_default(None))

    @routes.post("/v2/bot/user/<user_id>/richmenu/<menu_id>")
    def link(user_id: str, menu_id: str) -> Response:
        return respond(
            sim.menus.link(user_id, menu_id) if USER_ID.fullmatch(user_id) else refusal("Not found", 404)
        )

    @routes.get("/v2/bot/user/<user_id>/richmenu")
    def linked(user_id: str) -> Response:
        return respond(_which(sim.menus.links.get(user_id)))

    @routes.delete("/v2/bot/user/<user_id>/richmenu")
    def unlink(user_id: str) -> Response:
        return respond(sim.menus.link(user_id, None))


def _which(menu_id: str | None) -> Answer:
    if menu_id is None:
        return refusal("the user has no richmenu", 404)
    return Answer(200, {"richMenuId": menu_id})


def _aliases(routes: Blueprint, sim: LineSimulator) -> None:
    @routes.post("/v2/bot/richmenu/alias")
    def create_alias() -> Response:
        return with_json(
            lambda body: sim.menus.set_alias(body.get("richMenuAliasId"), body.get("richMenuId"), new=True)
        )

    @routes.get("/v2/bot/richmenu/alias/list")
    def list_aliases() -> Response:
        pairs = sim.menus.aliases.items()
        return respond(
            Answer(200, {"aliases": [{"richMenuAliasId": a, "richMenuId": menu} for a, menu in pairs]})
        )

    @routes.get("/v2/bot/richmenu/alias/<alias>")
    def one_alias(alias: str) -> Response:
        menu_id = sim.menus.aliases.get(alias)
        if menu_id is None:
            return respond(refusal("richmenu alias not found", 404))
        return respond(Answer(200, {"richMenuAliasId": alias, "richMenuId": menu_id}))

    @routes.post("/v2/bot/richmenu/alias/<alias>")
    def change_alias(alias: str) -> Response:
        return with_json(lambda body: sim.menus.set_alias(alias, body.get("richMenuId"), new=False))

    @routes.delete("/v2/bot/richmenu/alias/<alias>")
    def drop_alias(alias: str) -> Response:
        return respond(sim.menus.drop_alias(alias))
