"""Make the pictures that the manifest names: `python -m tools.make_pictures`. Their outputs are committed.

static/screens/*.webp: the real product with demonstration people, for the phone's own install page. "narrow" is a phone,
"wide" a desk. static/icons/shortcut-*.png: a drawing of components/icons.html on the brand's ground. Needs a Chromium and
Playwright, as the tests do.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from selfcare.demo import accounts
from tests.plugins.browser import need_chromium
from tools import demonstration

ROOT = Path(__file__).resolve().parent.parent
SCREENS, ICONS = ROOT / "static" / "screens", ROOT / "static" / "icons"
NARROW: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
}
# 1280 × 800 pixels, drawn larger: our pages are one column, which would be lost in the middle.
WIDE: dict[str, Any] = {"viewport": {"width": 960, "height": 600}, "device_scale_factor": 4 / 3}
SHOTS = (
    ("today-narrow", NARROW, "/"),
    ("diary-narrow", NARROW, "/diary"),
    ("log-narrow", NARROW, "/diary/new"),
    ("ready-narrow", NARROW, "/agenda"),
    ("today-wide", WIDE, "/"),
    ("diary-wide", WIDE, "/diary"),
)
SHORTCUTS = {"log": "note", "goals": "goals", "ready": "calendar"}
QUALITY = 78
ICON_SIZE = 192


def main() -> None:
    SCREENS.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=need_chromium(driver), args=["--no-sandbox", "--disable-gpu"]
        )
        draw_icons(browser)
        with demonstration.running() as address:
            for name, screen, path in SHOTS:
                take(browser, address, name, screen, path)
        browser.close()


def take(browser: Browser, address: str, name: str, screen: dict[str, Any], path: str) -> None:
    """One picture of what is first seen there."""
    context = browser.new_context(locale="en-GB", **screen)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("[name=email]", "patient@demo.example")
    page.fill("[name=password]", accounts.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
    page.goto(address + path)
    clip = screen["viewport"] | {"x": 0, "y": 0, "scale": screen["device_scale_factor"]}
    save(page, SCREENS / f"{name}.webp", {"format": "webp", "quality": QUALITY, "clip": clip})
    context.close()


def draw_icons(browser: Browser) -> None:
    """The shortcuts' icons, from the same drawings as the pages'."""
    drawings = (ROOT / "templates" / "components" / "icons.html").read_text(encoding="utf-8")
    shapes = dict(re.findall(r'"(\w+)": "(M[^"]+)"', drawings))
    page = browser.new_page(viewport={"width": ICON_SIZE, "height": ICON_SIZE})
    for name, shape in SHORTCUTS.items():
        page.set_content(
            '<body style="margin:0"><svg viewBox="0 0 192 192" width="192" height="192">'
            '<rect width="192" height="192" rx="96" fill="#00605c"/><g transform="translate(48 48) scale(4)" fill="none"'
            ' stroke="#fff" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
            f'<path d="{shapes[shape]}"/></g></svg>'
        )
        page.screenshot(path=ICONS / f"shortcut-{name}.png", omit_background=True)
    page.close()


def save(page: Page, path: Path, how: dict[str, Any]) -> None:
    """By the browser's own protocol: Playwright writes no WebP."""
    session = page.context.new_cdp_session(page)
    path.write_bytes(base64.b64decode(session.send("Page.captureScreenshot", how)["data"]))
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
