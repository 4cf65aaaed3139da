"""The real command with its own clock: two cases at twenty times the speed, nobody at the pile."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsing import Person
from tests.browser.process import CHECKOUT
from tests.browser.ways import button, link, sign_in

FREE_PORTS = {
    "HARNESS_HOST": "127.0.0.1",
    "HARNESS_WEB_HOST": "127.0.0.1",
    "HARNESS_PUBLIC_ADDRESS": "127.0.0.1",
    "HARNESS_PORT": "0",
    "HARNESS_FTP_PORT": "0",
    "HARNESS_TLS": "false",
}
TAKES = 60_000  # real ms for two cases, on a machine that has much else to do


@pytest.fixture
def demo() -> Iterator[subprocess.Popen[str]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("HARNESS_")}
    command = [sys.executable, "-m", "harness", "demo", "--speed", "20", "--port", "0", "--helpful"]
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=env | FREE_PORTS, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def until_told(demo: subprocess.Popen[str], what: str) -> str:
    """The part of what the command prints that a pattern takes."""
    assert demo.stdout is not None
    for line in demo.stdout:
        found = re.search(what, line)
        if found:
            return found[1]
    raise AssertionError(f"{what} was not told: {demo.stderr.read() if demo.stderr else ''}")


def test_two_cases_pass_by_themselves_and_a_touch_stops_the_rest(browser: Browser, demo: subprocess.Popen[str]) -> None:
    url = until_told(demo, r"desk +(http://\S+)")
    code = until_told(demo, r"access code (\S+)")
    someone = Person(browser, url)
    page = someone.page
    sign_in(page, "示例充电（演示）有限公司", "演示员", "13900000000", code)
    button(page, "确认").click()
    button(page, "继续").click()
    page.get_by_role("button", name="启动测试").click()
    for case in ("qr_set", "single_tariff"):
        expect(page.locator(f"#c-{case} .dk-state--ok")).to_be_visible(timeout=TAKES)
    button(page, "停止").click()
    expect(page.get_by_text("已有结果的 2 项保留。")).to_be_visible(timeout=TAKES)
    link(page, "联调结果").click()
    expect(page.locator("#c-single_tariff .dk-state--ok")).to_be_visible()
    assert someone.noise == []
    someone.close()
    demo.send_signal(signal.SIGINT)
    _, said = demo.communicate(timeout=30)
    assert (demo.returncode, said) == (0, "")
