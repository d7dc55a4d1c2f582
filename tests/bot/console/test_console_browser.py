"""The console in a real browser: sign-in by keyboard, a whole case, a decision, an import with a mistake.

Also what only a browser can tell: nothing wider than a small phone, no script refused or needed, and the checks of axe
for WCAG 2.2 AA.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.bot.console.kit import ADMINISTRATOR, OFFICIAL, REPRESENTATIVE, Place, photo, place, report

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(_CHROMIUM is None, reason="no chromium on this machine")]

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Site:
    """The running installation and a small phone that looks at it."""

    def __init__(self, at: Place, base: str, browser: Any) -> None:
        self.at, self.base, self.browser = at, base, browser
        self.faults: list[str] = []

    def enter(self, name: str, *, width: int = 320, dark: bool = False) -> Any:
        """Sign in by keyboard alone."""
        scheme = "dark" if dark else "light"
        context = self.browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
        page = context.new_page()
        page.on(
            "console", lambda message: self.faults.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(self.base + self.at.link(name))
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == "เข้าใช้งาน":
                break
        page.keyboard.press("Enter")
        page.locator(".menu").wait_for()
        return page


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    at = place(tmp_path)
    web = make_server("127.0.0.1", 0, at.app, threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield Site(at, f"http://127.0.0.1:{web.server_port}", browser)
        finally:
            browser.close()
            web.shutdown()


def fits(page: Any) -> None:
    """Nothing has to be moved sideways, and axe has nothing against the page."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"
    found = axe_api.Axe().run(page, options=_RULES).response["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:2]]) for v in found] == [], page.url


def test_a_whole_case_on_a_small_phone(site: Site, tmp_path: Path) -> None:
    code = report(site.at)
    page = site.enter(OFFICIAL)
    fits(page)
    page.get_by_role("link", name="ถนน").first.click()
    fits(page)
    page.get_by_role("button", name="รับเรื่อง").click()
    page.get_by_text("เรื่องนี้เป็นของท่านแล้ว").wait_for()
    fits(page)
    page.get_by_text("แจ้งความคืบหน้า", exact=True).click()
    page.locator("#d-progress").fill("กำลังปะหลุม")
    page.locator("form:has(#d-progress) button").click()
    page.get_by_text("จดให้เรื่อง").first.wait_for()
    content, name = photo()
    (tmp_path / name).write_bytes(content.read())
    page.locator("summary", has_text="เสร็จแล้ว").click()
    page.locator("#d-done").fill("ปะแล้วค่ะ")
    page.locator("#d-done-p").set_input_files(tmp_path / name)
    page.locator("form:has(#d-done) button").click()
    page.get_by_text("ส่งให้ผู้แจ้ง").wait_for()
    fits(page)
    assert site.at.town.case(code).status == "done"
    page.goto(site.base + "/console/cases?status=all")
    fits(page)
    page.get_by_role("button", name="ออกจากทุกเครื่อง").click()
    page.get_by_text("พิมพ์ เข้าเว็บ").wait_for()
    assert site.faults == []


def test_a_decision_in_the_dark(site: Site) -> None:
    page = site.enter(REPRESENTATIVE, dark=True)
    page.get_by_role("link", name="เครือข่ายถนนปลอดภัยไฟสว่าง").click()
    fits(page)
    page.get_by_role("button", name="เปิดการตัดสินใจใหม่").click()
    for words in ("ควรปรับไฟช่วงไหนก่อน", "งบพอสำหรับหนึ่งช่วง", "หน้าตลาดก่อน", "หน้าโรงเรียนก่อน"):
        page.locator("#answer").fill(words)
        page.locator("form:has(#answer) button").click()
    page.get_by_role("button", name="พอแล้ว ดูตัวอย่าง").click()
    page.get_by_text("หน้าโรงเรียนก่อน").first.wait_for()
    fits(page)
    assert site.faults == []


def test_an_import_with_a_mistake_then_a_good_one(site: Site, tmp_path: Path) -> None:
    page = site.enter(ADMINISTRATOR, width=1280)
    with page.expect_download() as waiting:
        page.goto(site.base + "/console/city/templates.csv")
        page.get_by_role("link", name="templates.csv").click()
    text = Path(waiting.value.path()).read_text("utf-8")
    for wanted, told in ((",{wrong}", "ยังไม่มีอะไรเปลี่ยน"), (",จะไปดูหน้างาน", "จะเปลี่ยน 1 แถว")):
        (tmp_path / "edited.csv").write_text(text.replace(",กำลังไปดูหน้างาน", wanted, 1).replace(
            "{lead}กำลัง", "{wrong}กำลัง" if "wrong" in wanted else "{lead}กำลัง", 1), "utf-8")  # fmt: skip
        page.goto(site.base + "/console/city/templates.csv")
        page.locator("#table").set_input_files(tmp_path / "edited.csv")
        page.get_by_role("button", name="ดูว่าอะไรจะเปลี่ยน").click()
        page.get_by_text(told).first.wait_for()
        fits(page)
    page.get_by_role("button", name="ยืนยัน ใช้ข้อมูลนี้").click()
    page.get_by_text("ใช้ข้อมูลใหม่แล้ว").wait_for()
    for path in (
        "city",
        "settings",
        "texts?group=report",
        "texts/report.where",
        "founding",
        "routing?text=ไฟดับ",
        "people",
        "learning",
        "messages",
        "audit",
        "health",
    ):
        page.goto(f"{site.base}/console/{path}")
        page.set_viewport_size({"width": 320, "height": 700})
        fits(page)
    assert [fault for fault in site.faults if "400" not in fault] == []
