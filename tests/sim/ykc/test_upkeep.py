"""Reboot, upgrade, QR codes on the screen."""

import pytest

from harness.core.ports import Offer
from harness.pictures import read_qr
from harness.sim.ykc.upgrade import Done, firmware_version, make_firmware
from tests.sim.pretend import SERIAL, Beside, firmware_file


class Server:
    """Hands out one file, or none."""

    def __init__(self, data: bytes | None) -> None:
        self.data = data
        self.asked: list[Offer] = []

    def fetch(self, offer: Offer, done: Done) -> None:
        self.asked.append(offer)
        self.done = done


def update(beside: Beside, model: int = 1, **values: object) -> None:
    beside.tell(
        "remote_update",
        pile_model=model,
        server_address="192.0.2.10",
        server_port=2121,
        user_name="u1",
        password="p1",
        file_path="1/demo.bin",
        **{"exec_control": 1, "download_timeout": 5, **values},
    )


def test_a_reboot_is_answered_then_the_pile_goes_and_comes_back() -> None:
    beside = Beside().logged_in()
    beside.tell("remote_reboot", exec_control=1)
    assert beside.last("remote_reboot_reply").set_result == 1
    assert not beside.closed
    gone = beside.now
    beside.wait(2)
    assert beside.closed
    dials = len(beside.dials)
    beside.wait(45)
    assert 20 <= beside.dials[dials] - gone <= 42


def test_a_reboot_when_idle_waits_for_the_charge() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    beside.tell("remote_reboot", exec_control=2)
    beside.wait(30)
    assert not beside.closed
    beside.tell("remote_stop", gun_no="01")
    beside.wait(20)
    assert beside.closed


def test_a_reboot_at_once_ends_the_charge_and_bills_it_after_the_login() -> None:
    beside = Beside().logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    beside.tell("remote_reboot", exec_control=1)
    beside.wait(50)
    beside.connect()
    beside.tell("login_reply", login_result=0)
    record = beside.last("transaction_record")
    assert (record.transaction_serial, record.stop_reason) == (SERIAL, 0x6A)


def test_an_upgrade_is_fetched_installed_told_and_logged_in_with() -> None:
    server = Server(firmware_file().read_bytes())
    beside = Beside(fetch=server.fetch).logged_in()
    update(beside)
    assert server.asked == [Offer("192.0.2.10", 2121, "u1", "p1", "1/demo.bin", 0)]
    beside.wait(5)
    server.done(server.data, beside.now)
    assert beside.heard("remote_update_reply") == []
    beside.wait(20)
    assert beside.last("remote_update_reply").update_status == 0
    assert beside.closed
    beside.wait(45)
    beside.connect()
    assert beside.last("login").program_version == "V2.0.1"


def test_a_file_that_is_no_firmware_of_this_pile_is_refused() -> None:
    server = Server(b"something else")
    beside = Beside(fetch=server.fetch).logged_in()
    update(beside)
    server.done(server.data, beside.now)
    assert beside.last("remote_update_reply").update_status == 2


def test_an_update_for_another_kind_of_pile_is_refused_at_once() -> None:
    server = Server(None)
    beside = Beside(fetch=server.fetch).logged_in()
    update(beside, model=2)
    assert beside.last("remote_update_reply").update_status == 2
    assert server.asked == []


def test_an_update_for_another_pile_code_is_refused_at_once() -> None:
    beside = Beside(fetch=Server(None).fetch).logged_in()
    update(beside, pile_code="32010600099999")
    assert beside.last("remote_update_reply").update_status == 1


def test_a_download_that_fails_or_takes_too_long_is_told() -> None:
    server = Server(None)
    beside = Beside(fetch=server.fetch).logged_in()
    update(beside)
    server.done(None, beside.now)
    assert beside.last("remote_update_reply").update_status == 3
    beside.forget()
    update(beside)
    for _ in range(31):
        beside.wait(10)
    assert [reply.update_status for reply in beside.heard("remote_update_reply")] == [3]
    server.done(firmware_file().read_bytes(), beside.now)
    beside.wait(60)
    assert len(beside.heard("remote_update_reply")) == 1


def test_an_update_when_idle_waits_for_the_charge() -> None:
    server = Server(None)
    beside = Beside(fetch=server.fetch).logged_in()
    beside.pile.plug("01", beside.now)
    beside.start()
    beside.wait(30)
    update(beside, exec_control=2)
    assert server.asked == []
    beside.tell("remote_stop", gun_no="01")
    beside.wait(20)
    assert len(server.asked) == 1


def test_the_demo_firmware_is_what_the_product_would_make() -> None:
    for version in ("V2.0.1", "V2.0.2"):
        data = firmware_file().with_name(f"demo-{version}.bin").read_bytes()
        assert data == make_firmware(version)
        assert firmware_version(data) == version


@pytest.mark.parametrize(
    "data", [b"", b"CHARGER-HARNESS-DEMO-FIRMWARE V2.0.1", make_firmware("V2.0.1-beta"), make_firmware("")]
)
def test_bytes_that_name_no_version_are_no_firmware(data: bytes) -> None:
    assert firmware_version(data) is None


def test_the_screen_shows_the_code_that_was_set_for_its_gun() -> None:
    beside = Beside().logged_in()
    before = read_qr(beside.pile.screen_picture("01"))
    beside.tell("qr_set", gun_no="01", qr_content="https://pile.example/q/3201060001923601")
    assert beside.last("qr_set_reply").set_result == 1
    assert read_qr(beside.pile.screen_picture("01")) == ("https://pile.example/q/3201060001923601",)
    assert read_qr(beside.pile.screen_picture("02")) != before


def test_a_long_code_can_still_be_read_from_the_screen() -> None:
    beside = Beside().logged_in()
    content = "https://pile.example/q?" + "a" * 127
    beside.tell("qr_set", gun_no="01", qr_content=content)
    assert read_qr(beside.pile.screen_picture("01")) == (content,)


def test_a_prefix_is_completed_with_pile_code_and_gun() -> None:
    beside = Beside("ac").logged_in()
    beside.tell("qr_prefix_set", qr_format=1, qr_prefix="https://pile.example/q/")
    assert beside.last("qr_prefix_set_reply").set_result == 0
    assert read_qr(beside.pile.screen_picture("01")) == ("https://pile.example/q/3201060001924401",)


def test_a_pile_of_another_dialect_stays_silent() -> None:
    beside = Beside("single").logged_in()
    beside.forget()
    beside.tell("qr_set", gun_no="01", qr_content="x")
    beside.tell("qr_prefix_set", qr_format=1, qr_prefix="x")
    assert beside.said == []


def test_a_screen_is_the_same_picture_at_the_same_moment() -> None:
    beside = Beside().logged_in()
    assert beside.pile.screen_picture("01") == beside.pile.screen_picture("01")
