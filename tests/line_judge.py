"""LINE's own strict description as a judge of what the bot sends; silent where the document is not on this machine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SPEC = Path(__file__).resolve().parents[2] / "shared" / "line" / "messaging-api.strict.yml"


@cache
def _api() -> Any:
    import openapi_core

    return openapi_core.OpenAPI.from_file_path(str(SPEC))


def refusal(messages: Any, to: str = "U" + "a" * 32) -> Exception | None:
    """Why LINE's description refuses a push of these messages; None when it does not (or is not there)."""
    if not SPEC.exists():
        return None
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest

    request = MockRequest(
        "https://api.line.me",
        "post",
        "/v2/bot/message/push",
        data=json.dumps({"to": to, "messages": messages}).encode(),
        content_type="application/json",
        headers={"Authorization": "Bearer t"},
    )
    try:
        _api().validate_request(request)
    except OpenAPIError as refused:
        return refused
    return None
