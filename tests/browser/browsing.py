"""A real browser, and people who use it: on a phone beside the pile, or at a reviewer's desk."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

PHONE = (390, 844)
NARROW = (360, 780)
WIDE = (1280, 900)
FAR = "desk.example"
PATIENCE = 10_000  # real ms
INSTALL = "make tools installs it, or: sudo apt-get install chromium fontconfig fonts-noto-cjk"
expect.set_options(timeout=PATIENCE)


def what_is_missing() -> str:
    """Why there can be no tests in a browser here; "" when there can."""
    if find_chromium() is None:
        return f"there is no chromium; {INSTALL}"
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False) if find("fc-list") else None
    return "" if fonts is not None and fonts.stdout else f"there is no Chinese font; {INSTALL}"


def find(name: str) -> str | None:
    return shutil.which(name)


def find_chromium() -> str | None:
    return find("chromium") or find("chromium-browser")


@contextmanager
def a_browser(film: Path) -> Iterator[Browser]:
    """Chromium whose camera shows a film."""
    path = find_chromium()
    assert path is not None, what_is_missing()
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                f"--host-resolver-rules=MAP {FAR} 127.0.0.1",  # a name without what browsers allow their own machine
                *camera,
                f"--use-file-for-fake-video-capture={film}",
            ],
        )
        yield browser
        browser.close()


class Person:
    """Somebody with a browser of their own; `noise` is what a quiet page never causes."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int] = PHONE, lang: str = "zh") -> None:
        self.noise: list[str] = []
        phone = size[0] < 600
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=2 if phone else 1,
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN" if lang == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.listen(self.context.new_page())

    def listen(self, page: Page) -> Page:
        """From now on what is wrong with a page is noise."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.noise.append(f"{page.url}: {error}"))
        page.on("response", self._response)
        return page

    def forgive(self, *texts: str) -> None:
        """What a test made noisy on purpose; each of these must have been heard."""
        for text in texts:
            assert any(text in noise for noise in self.noise), f"{text} was not heard: {self.noise}"
        self.noise = [noise for noise in self.noise if not any(text in noise for text in texts)]

    def close(self) -> None:
        """This person leaves."""
        self.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        self.noise.append(f"{message.page.url if message.page else ''}: {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.noise.append(f"{response.url}: {response.status}")
