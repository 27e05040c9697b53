"""Debian's Chromium without a window, driven by Playwright; pages remember what went wrong in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PROGRAM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
REPOSITORY = Path(__file__).resolve().parents[2]
SHOTS = REPOSITORY / "build" / "browser"
# The microphone is a beep of Chromium's own, and nobody is asked whether the page may hear it.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raises FileNotFoundError, with the command that mends it, where there is no Chromium."""
    if not PROGRAM.is_file():
        raise FileNotFoundError(f"{PROGRAM} is missing: apt-get install chromium, or name another one: CHROMIUM=…")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(MICROPHONE))
        try:
            yield browser
        finally:
            browser.close()


def errors_of(page: Page) -> list[str]:
    """A list that grows: uncaught errors of this page's scripts, and what it reports as an error on the console."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("pageerror", lambda error: found.append(str(error.stack or error)))
    page.on("console", note)
    return found


def violations(page: Page, within: str = "", without: str = "") -> list[str]:
    """What axe-core finds against WCAG 2.1, levels A and AA: rule, place and what to do.

    Args:
        within:  a selector; what is elsewhere on the page is not looked at.
        without: a selector of what is not looked at there.
    """
    places = {"include": [[within]], "exclude": [[without]] if without else []} if within else None
    results: dict[str, Any] = Axe().run(page, context=places, options=RULES).response
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}\n{node.get('failureSummary', '')}"
        for rule in results["violations"]
        for node in rule["nodes"]
    ]


def shoot(page: Page, name: str, whole: bool = False) -> Path:
    """Save what the page shows (or all of it, down to its end) as build/browser/NAME.png."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path
