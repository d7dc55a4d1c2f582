"""Takes the pictures of pages in ``docs/img``: ``python -m tests.pictures [FOLDER]``.

FOLDER is the data folder of an installation (``SAAN_DATA_DIR``) to look at; without one some weeks of the demo city
are played first, which takes minutes. Chromium has to be on this machine.
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

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from bot.app import create_app
from bot.bootstrap import Wiring
from bot.config import Settings
from store.queries import showcase
from store.queries.showcase import Wanted
from tests.installation import environment

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "img"
SHOTS = {
    "home": ("/", 1100, 1500, "light"),
    "home-phone": ("/", 390, 844, "dark"),
    "cases": ("/cases", 1100, 900, "light"),
    "case": ("/cases/{case}", 390, 1100, "light"),
    "network": ("/networks/ROADS", 1100, 1500, "light"),
}
"""Address, width and height in CSS pixels, and colours of each picture."""
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
            for name, (path, width, height, colours) in SHOTS.items():
                _take(
                    browser, f"{address}{path.format(case=_finished(wiring))}", name, (width, height), colours
                )
        browser.close()
    return 0


@contextmanager
def _folder(given: list[str]) -> Iterator[Path]:
    if given:
        yield Path(given[0])
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


def _take(browser: Browser, address: str, name: str, size: tuple[int, int], colours: str) -> None:
    dark = "dark" if colours == "dark" else "light"
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=dark)
    page.goto(address, wait_until="networkidle")
    time.sleep(0.5)  # the map's clusters
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()
    print(f"docs/img/{name}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
