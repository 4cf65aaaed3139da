"""QR code, reboot and upgrade: what a pile may do, and each failure by its own name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from harness.core.journal import Answered, FileFetch, LinkChanged
from harness.core.operator import Firmware
from harness.core.outcome import CaseOutcome
from harness.core.ports import Offer
from harness.core.verdict import Verdict
from harness.engine.view import View
from harness.sim.ykc.upgrade import Done
from tests.engine.oddities import later
from tests.engine.playing import LANGUAGE, Playing, Says, codes, finding, firmware
from tests.engine.test_people import with_acts


def without_qr_reply(playing: Playing) -> None:
    playing.pile.habits.change("qr_set_reply", lambda values: None)


def refusing_qr(playing: Playing) -> None:
    playing.pile.habits.change("qr_set_reply", lambda values: values | {"set_result": 0})


def showing_another_code(playing: Playing) -> None:
    playing.pile.habits.shows_qr = lambda text: text[:-1]


def test_without_a_reply_the_code_is_sent_three_times_and_the_scan_follows_all_the_same() -> None:
    playing = Playing(["qr_set"])
    without_qr_reply(playing)
    outcome = playing.play().outcome
    moments = [at for at, _ in playing.messages("qr_set")]
    assert [round(b - a, 3) for a, b in pairwise(moments)] == [10.0, 10.0]
    assert playing.person.asked == ["scan_qr"]
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome) == {"qr_no_reply"}
    sent = [seen.n for seen in View(playing.records, LANGUAGE).sent("qr")]
    assert len(sent) == 3
    assert set(sent) <= set(finding(outcome, "qr_no_reply").frames)
    assert finding(outcome, "qr_right").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("odd", "verdict", "told"),
    [
        ([refusing_qr], Verdict.REMARK, {"qr_refused_but_shown"}),
        ([refusing_qr, showing_another_code], Verdict.FAILED, {"qr_refused", "qr_wrong"}),
        ([showing_another_code], Verdict.FAILED, {"qr_wrong"}),
    ],
)
def test_what_the_screen_shows_counts_more_than_what_the_pile_says(
    odd: Sequence[Callable[[Playing], None]], verdict: Verdict, told: set[str]
) -> None:
    playing = Playing(["qr_set"])
    for change in odd:
        change(playing)
    outcome = playing.play().outcome
    assert (outcome.verdict, codes(outcome)) == (verdict, told)


def test_a_late_reply_is_a_reply() -> None:
    playing = Playing(["qr_set"])
    later(playing, "qr_set_reply", 25)
    assert playing.play().outcome.verdict is Verdict.PASSED


def test_a_picture_without_a_code_is_nobodys_failure() -> None:
    outcome = Playing(["qr_set"], operator=lambda playing: Says(texts=(), picture="a.png")).play().outcome
    assert outcome.verdict is Verdict.BROKEN
    assert codes(outcome) == {"qr_unreadable"}


def test_a_screen_on_which_a_person_sees_no_code_is_the_piles_failure() -> None:
    outcome = Playing(["qr_set"], operator=lambda playing: Says(texts=())).play().outcome
    assert outcome.verdict is Verdict.FAILED
    assert codes(outcome) == {"qr_not_shown"}


@pytest.mark.parametrize("form", ["01", "1", "/1"])
def test_a_prefix_pile_may_write_its_gun_in_three_ways(form: str) -> None:
    text = f"https://pile.example/q/32010600019244{form}"
    playing = Playing(["qr_set"], "ac", operator=lambda playing: Says(texts=("something else", text))).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert finding(playing.outcome, "qr_right").seen == text
    assert [event.texts for event in playing.events(Answered)] == [("something else", text)]


@pytest.mark.parametrize("text", ["https://pile.example/q/32010600019244", "https://pile.example/q/3201060001924402"])
def test_a_prefix_pile_may_not_leave_its_gun_out_or_show_another(text: str) -> None:
    outcome = Playing(["qr_set"], "ac", operator=lambda playing: Says(texts=(text,))).play().outcome
    assert codes(outcome) == {"qr_wrong"}


# Reboot


def rebooting(change: Callable[[Playing], None]) -> CaseOutcome:
    playing = Playing(["reboot"])
    change(playing)
    return playing.play().outcome


def never_reboots(playing: Playing) -> None:
    playing.pile.reboot_soon = lambda now, when_idle=False: None  # type: ignore[method-assign]


def never_comes_back(playing: Playing) -> None:
    def reboot(now: float) -> None:
        playing.pile.contact.drop(now)
        playing.pile.agenda.drop_all()

    playing.pile.reboot = reboot  # type: ignore[method-assign]


def reboots_slowly(playing: Playing) -> None:
    def reboot(now: float) -> None:
        playing.pile.contact.drop(now)
        playing.pile.contact.dial_after(170, now)

    playing.pile.reboot = reboot  # type: ignore[method-assign]


def without_reboot_reply(playing: Playing) -> None:
    playing.pile.habits.change("remote_reboot_reply", lambda values: None)


@pytest.mark.parametrize(
    ("change", "verdict", "told"),
    [
        (never_reboots, Verdict.FAILED, {"connection_not_lost"}),
        (never_comes_back, Verdict.FAILED, {"not_back"}),
        (reboots_slowly, Verdict.PASSED, set()),
        (without_reboot_reply, Verdict.FAILED, {"no_reboot_reply"}),
    ],
)
def test_a_reboot(change: Callable[[Playing], None], verdict: Verdict, told: set[str]) -> None:
    outcome = rebooting(change)
    assert (outcome.verdict, codes(outcome)) == (verdict, told)


def test_a_new_login_without_an_end_of_the_old_connection_is_a_reboot_too() -> None:
    playing = Playing(["reboot"])

    def reboot(now: float) -> None:
        assert playing.table.cable is not None
        playing.table.cable.open = False
        playing.pile.contact.drop(now)
        playing.pile.contact.dial_after(10, now)

    playing.pile.reboot = reboot  # type: ignore[method-assign]
    assert playing.play().outcome.verdict is Verdict.PASSED
    assert "replaced" in [event.what for event in playing.events(LinkChanged)]


# Upgrade

Told = tuple[tuple[str, int], ...]
NEVER: Told = ()
BAD_PASSWORD: Told = (("connected", 0), ("login_failed", 0), ("disconnected", 0))
ONLY_LOGIN: Told = (("connected", 0), ("login", 0), ("disconnected", 0))
PARTIAL: Told = (("connected", 0), ("login", 0), ("opened", 0), ("partial", 4096), ("disconnected", 0))


def fetching(told: Told, answers: bool = True) -> Callable[[Playing], None]:
    """The firmware server sees only this of the pile."""

    def change(playing: Playing) -> None:
        ftp = playing.table.ftp

        def fetch(offer: Offer, done: Done) -> None:
            theirs, _, tell = ftp._offers[offer.user, offer.password]
            for what, size in told:
                tell(FileFetch(what=what, user=theirs.user, path=theirs.path, size=size))
            if answers:
                playing.after(1, lambda: done(None, playing.now))

        ftp.fetch = fetch  # type: ignore[method-assign]

    return change


def answering(status: int) -> Callable[[Playing], None]:
    return lambda playing: playing.pile.habits.change(
        "remote_update_reply", lambda values: values | {"update_status": status}
    )


def without_update_reply(playing: Playing) -> None:
    playing.pile.habits.change("remote_update_reply", lambda values: None)


def keeps_its_version(playing: Playing) -> None:
    playing.pile.habits.installs = False


def answers_after_relogin(playing: Playing) -> None:
    later(playing, "remote_update_reply", 60)


def boots_twice(playing: Playing) -> None:
    """Once more with the old version, then with the new one."""
    pile = playing.pile
    said: list[str] = []

    def login(values: dict[str, Any]) -> dict[str, Any]:
        said.append(values["program_version"])
        if values["program_version"] != "V1.0.0" and len(said) == 2:
            playing.after(20, lambda: pile.reboot(playing.now))
            return values | {"program_version": "V1.0.0"}
        return values

    pile.habits.change("login", login)


def upgrading(change: Callable[[Playing], None]) -> Playing:
    playing = Playing(["upgrade"])
    change(playing)
    return playing.play()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (fetching(NEVER), {"firmware_not_fetched", "update_refused"}),
        (fetching(NEVER, answers=False), {"firmware_not_fetched", "update_refused"}),
        (fetching(BAD_PASSWORD), {"firmware_login_failed", "update_refused"}),
        (fetching(ONLY_LOGIN), {"firmware_not_opened", "update_refused"}),
        (fetching(PARTIAL), {"firmware_partial", "update_refused"}),
        (answering(1), {"update_refused"}),
        (answering(2), {"update_refused"}),
        (answering(3), {"update_refused"}),
        (without_update_reply, {"no_update_reply"}),
        (keeps_its_version, {"version_unchanged"}),
        (never_comes_back, {"not_back"}),
        (answers_after_relogin, set()),
        (boots_twice, set()),
    ],
)
def test_an_upgrade(change: Callable[[Playing], None], told: set[str]) -> None:
    playing = upgrading(change)
    verdict = Verdict.FAILED if told else Verdict.PASSED
    assert (playing.outcome.verdict, codes(playing.outcome)) == (verdict, told)


def test_a_refused_update_is_told_with_its_reason() -> None:
    reasons = {finding(upgrading(answering(status)).outcome, "update_refused").seen for status in (1, 2, 3)}
    assert len(reasons) == 3


def test_how_much_came_is_told_of_how_much_was_offered() -> None:
    partial = finding(upgrading(fetching(PARTIAL)).outcome, "firmware_partial")
    assert (partial.params["got"], partial.params["size"]) == ("4096", firmware().size)


def test_where_the_pile_should_have_connected_is_told() -> None:
    assert finding(upgrading(fetching(NEVER)).outcome, "firmware_not_fetched").params["server"] == "192.0.2.10:21"


def test_a_firmware_without_a_size_of_its_own_is_measured_by_what_was_offered() -> None:
    bare = Firmware(firmware().path, "V2.0.1")
    playing = with_acts("upgrade", choose_firmware=lambda playing: Says(firmware=bare).ask).play()
    assert playing.outcome.verdict is Verdict.PASSED
    assert finding(playing.outcome, "firmware_fetched").expected == f"{firmware().size} B"
