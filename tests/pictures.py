"""Takes the pictures of pages in ``docs/img``: ``python -m tests.pictures [FOLDER [NAME …]]``.

FOLDER is the data folder of an installation (``SAAN_DATA_DIR``) to look at, in a copy; without one some weeks of the
demo city are played first, which takes minutes. With names only those pictures are taken. Chromium has to be on this
machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from bot.app import create_app
from bot.bootstrap import Wiring
from bot.config import Settings
from bot.web.console.visit import scene_of
from handlers.services import doors, people
from store.queries import board, decisions, showcase
from store.queries import people as rows
from store.queries.showcase import Wanted
from store.words import OPEN, RoleName
from tests.installation import environment

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "img"
SHOTS = {
    "home": ("/", 1100, 1500, "light"),
    "home-phone": ("/", 390, 844, "dark"),
    "cases": ("/cases", 1100, 900, "light"),
    "case": ("/cases/{case}", 390, 1100, "light"),
    "network": ("/networks/ROADS", 1100, 1500, "light"),
    "decision": ("/decisions/{decision}", 390, 900, "light"),
}
"""Address, width and height in CSS pixels, and colours of each picture."""
DESKS = {
    "board": ("/console/", 1100, 800, RoleName.OFFICIAL),
    "desk": ("/console/cases/{own}", 1100, 1150, RoleName.OFFICIAL),
    "routing": ("/console/routing?text=ไฟทางดับหน้าวัดโพนงาม", 1100, 900, RoleName.ADMINISTRATOR),
    "wording": ("/console/texts/report.where", 1100, 800, RoleName.ADMINISTRATOR),
}
"""The same of pages behind the console's door, and as whom."""
PHONE = 500
"""Narrower pages are phones', whose screens are twice as fine."""
AGENCY, COLOURS = "WORKS", 96
"""Whose official is looked over the shoulder; and colours of a picture's palette, which keeps it light."""
PLAY = ("demo", "--days", "60", "--citizens", "150")


def main(given: list[str]) -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("chromium is not on this machine", file=sys.stderr)
        return 1
    with _folder(given) as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        wiring = Wiring(Settings.read(environment(folder)))
        with _served(wiring) as address:
            wanted = given[1:] or [*SHOTS, *DESKS]
            for name in wanted:
                _picture(browser, wiring, address, name)
        browser.close()
    return 0


def _picture(browser: Browser, wiring: Wiring, address: str, name: str) -> None:
    if name in SHOTS:
        path, width, height, colours = SHOTS[name]
        where = path.format(case=_finished(wiring), decision=_decided(wiring))
        _take(browser, f"{address}{where}", name, (width, height), colours)
    else:
        path, width, height, role = DESKS[name]
        door = f"{address}/console/enter/{_link(wiring, role)}"
        _take(browser, f"{address}{path.format(own=_own(wiring))}", name, (width, height), "light", door)


@contextmanager
def _folder(given: list[str]) -> Iterator[Path]:
    if given:
        with tempfile.TemporaryDirectory() as copied:
            yield Path(shutil.copytree(given[0], f"{copied}/data"))
        return
    with tempfile.TemporaryDirectory() as name:
        for command in (("migrate",), ("seed",), PLAY):
            subprocess.run(
                [sys.executable, "-m", "bot.cli", *command],
                cwd=ROOT,
                env=environment(Path(name)),
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield Path(name)


@contextmanager
def _served(wiring: Wiring) -> Iterator[str]:
    web = make_server("127.0.0.1", 0, create_app(wiring), threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()


def _finished(wiring: Wiring) -> str:
    """Code of a finished case, of those with helpers if there is one."""
    now = wiring.clockwork.city_now()
    with wiring.store.reading() as unit:
        found = showcase.page(unit, Wanted("fixed"), [], now, None, 60)
        return max(found, key=lambda case: (len(case.photos), len(case.helpers), -case.id)).code


def _decided(wiring: Wiring) -> int:
    """A decision with the most votes."""
    with wiring.store.reading() as unit:
        found = (
            poll for code in wiring.house.book(unit).networks for poll in decisions.of_network(unit, code)
        )
        return max(found, key=lambda poll: (poll.state == "closed", len(poll.rounds), -poll.id)).id


def _own(wiring: Wiring) -> str:
    """The newest case with a place that the agency works on."""
    wanted = board.Wanted(leads=(AGENCY,), statuses=tuple(OPEN))
    with wiring.store.reading() as unit:
        found, _ = board.page(unit, wanted, 0, 50)
        return max((case for case in found if case.lat is not None), key=lambda case: len(case.photos)).code


def _link(wiring: Wiring, role: RoleName) -> str:
    """The word of a one-time link for somebody of that role; where nobody has it, somebody is given it."""
    with wiring.store.writing() as unit:
        scene = scene_of(wiring, unit)
        found = [r for r in rows.roles_of(unit, (role,)) if role != RoleName.OFFICIAL or r.agency == AGENCY]
        person = (
            found[0].person if found else rows.roles_of(unit, (RoleName.HEAD, RoleName.OFFICIAL))[-1].person
        )
        if not found:
            people.give_role(scene, person, role, None, None)
        person.language = "th"
        return doors.mint(scene, person)


def _take(
    browser: Browser, address: str, name: str, size: tuple[int, int], colours: str, door: str = ""
) -> None:
    dark = "dark" if colours == "dark" else "light"
    sharp = 2 if size[0] < PHONE else 1
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme=dark, device_scale_factor=sharp
    )
    if door:
        page.goto(door)
        page.click("main button")
    page.goto(address, wait_until="networkidle")
    time.sleep(0.5)  # the map's clusters
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()
    with Image.open(FOLDER / f"{name}.png") as taken:
        taken.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)
    print(f"docs/img/{name}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
