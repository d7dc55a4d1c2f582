"""Pages in a real browser: nothing axe objects to, nothing wider than the phone, no error, all by keyboard."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from bot.app import create_app
from store.words import RoleName, Status
from tests import many_cases
from tests.bot.test_public_lists import decide
from tests.installation import LINE, installed
from tests.town import Town

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_AXE = Path(str(distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js")))
_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PAGES = ["/", "/cases", "/cases?which=fixed", "case", "/networks", "/networks/ROADS", "/decisions/1", "/lessons", "/privacy", "/nothing", "/open-data", "/api", "/embed/figures"]  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.skipif(_CHROMIUM is None, reason="no chromium on this machine")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A city with a little of everything, served on this machine."""
    wiring = installed(tmp_path_factory.mktemp("seen"), **LINE)
    town = Town(wiring.store)
    town.settle("สมชาย", RoleName.OFFICIAL, agency="WORKS")
    town.settle("ยายสี")
    town.says("ยายสี", "ไฟทางดับหน้าวัดโพนงาม มืดมาก")
    town.taps("ยายสี", "ส่งเรื่อง")
    rows: list[dict[str, Any]] = [{"lat": 17.48 + n / 500, "lon": 101.72 + n / 700} for n in range(30)]
    done = {"status": Status.CLOSED, "done_at": town.now, "accepted_at": town.now, "rating": 5}
    many_cases.write(wiring.store, town.now, [*rows, *({**row, **done, "area": "420101"} for row in rows)])
    decide(wiring.store, "closed")
    wiring.house.clock = lambda: town.now.timestamp()
    web = make_server("127.0.0.1", 0, create_app(wiring), threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


def _opened(browser: Browser, address: str, path: str, width: int, dark: bool, faults: list[str]) -> Page:
    """The page, drawn; ``faults`` gathers what the browser complains of and what is asked of others."""
    colours = "dark" if dark else "light"
    # The page's own policy is looked at elsewhere; here it would keep the examiner out.
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=colours, bypass_csp=True
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith(address) else faults.append(r.url))
    page.goto(address + ("/cases/LOE69-0001" if path == "case" else path), wait_until="networkidle")
    if path == "/":
        page.wait_for_selector("#map .pin")
    return page


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)], ids=["phone, light", "desk, dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_anybody_out(browser: Browser, address: str, path: str, width: int, dark: bool) -> None:
    faults: list[str] = []
    page = _opened(browser, address, path, width, dark, faults)
    page.add_script_tag(path=_AXE)
    found = page.evaluate("rules => axe.run(document, rules)", _RULES)
    shown = [
        (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary"))
        for v in found["violations"]
    ]
    assert found["passes"] and shown == [], json.dumps(shown, indent=1, ensure_ascii=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [fault for fault in faults if path != "/nothing" or "404" not in fault] == []
    page.context.close()


def test_under_its_own_policy_the_map_is_drawn_and_nothing_is_refused(browser: Browser, address: str) -> None:
    faults: list[str] = []
    page = browser.new_page()
    page.on("console", lambda line: faults.append(line.text))
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector("#map .pin")
    assert faults == [] and page.locator("#map .area").count() == 6
    page.close()


def test_everything_is_reached_with_the_keyboard(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector("#map .pin")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.className + '|' + (document.activeElement.getAttribute('href') || document.activeElement.tagName)"
            )
        )
    names = " ".join(reached)
    assert "/cases?which=overdue" in names and "pin group" in names.replace("  ", " ") and "SUMMARY" in names
    page.close()


def test_the_map_opens_a_case_by_keyboard(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector("#map .pin")
    for _ in range(8):
        if page.locator("#map .pin:not(.group)").count():
            break
        page.locator("#map .pin.group").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
    page.locator("#map .pin:not(.group)").first.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content a").click()
    assert "/cases/LOE69-" in page.url and page.locator("h1").count() == 1
    page.close()
