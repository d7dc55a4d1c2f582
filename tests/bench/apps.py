"""The two webhooks that are compared: the echo bot of the SDK's README, and ours. Made inside gunicorn's workers."""

from __future__ import annotations

import os
from typing import Any

from tests.bench.load import SECRET


def echo() -> Any:
    """The README's Flask echo bot (line-bot-sdk 3.27), with its reply left out unless ``BENCH_LINE`` says where to."""
    from flask import Flask, abort, request
    from linebot.v3 import WebhookHandler
    from linebot.v3.exceptions import InvalidSignatureError
    from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
    from linebot.v3.webhooks import MessageEvent, TextMessageContent

    app = Flask(__name__)
    line = os.environ.get("BENCH_LINE")
    configuration = Configuration(host=line, access_token="a-token")
    handler = WebhookHandler(SECRET)

    @app.route("/callback", methods=["POST"])
    def callback() -> str:
        signature = request.headers["X-Line-Signature"]
        body = request.get_data(as_text=True)
        app.logger.info("Request body: " + body)
        try:
            handler.handle(body, signature)
        except InvalidSignatureError:
            app.logger.info("Invalid signature. Please check your channel access token/channel secret.")
            abort(400)
        return "OK"

    @handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator]
    def handle_message(event: Any) -> None:
        if line is None:
            return
        with ApiClient(configuration) as api_client:
            line_bot_api = MessagingApi(api_client)
            line_bot_api.reply_message_with_http_info(
                ReplyMessageRequest(
                    reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)]
                )
            )

    return app


def saan() -> Any:
    """The application as ``saan web`` serves it, with the database of ``DATABASE_URL``."""
    from bot.app import create_app
    from bot.bootstrap import Wiring
    from bot.config import Settings

    return create_app(Wiring(Settings.read()))
