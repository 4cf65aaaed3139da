"""Every finding there are words for is found by somebody here, and nothing is found that has no words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.core.journal import LoopLate
from harness.core.outcome import CaseOutcome
from harness.core.remedies import REMEDIES
from harness.core.verdict import Verdict
from harness.core.wording import FINDINGS, remedy, say
from harness.engine.desk import Nobody
from harness.engine.loader import load
from harness.sim.ykc.faults import two_guns as crossings
from harness.sim.ykc.pile import Fault
from tests.engine import link_piles, test_deeds, test_link, test_people, test_upkeep
from tests.engine.oddities import ODDITIES
from tests.engine.playing import CASES, HEAD, LANGUAGE, Deaf, Playing, Says, judged, played, written
from tests.engine.test_cross_tariff import own_clock
from tests.engine.test_hours import at
from tests.engine.test_odd_piles import swapped
from tests.engine.test_restart import BY_RECORD, BY_REPLY, sticky
from tests.engine.test_tariffs import takes_only, two_prices
from tests.sim.pretend import profile

Outcomes = Iterable[CaseOutcome]
Values = dict[str, Any]
CANARIES = Path(__file__).parents[1] / "canaries"


def clean() -> Outcomes:
    return [*played(CASES).outcomes, *played("vin", "ac").outcomes]


def faulty(case: str, fault: str) -> Outcomes:
    return Playing([case], faults=(fault,)).play().outcomes


def odd(case: str, name: str) -> Outcomes:
    playing = Playing([case])
    ODDITIES[name](playing)
    return playing.play().outcomes


def beside_another_charge() -> Outcomes:
    """Somebody charges at the other gun when the clock is to be moved."""
    playing = Playing(["single_tariff", "cross_tariff"])
    playing.after(3, lambda: playing.pile.plug("02", playing.now))
    playing.after(50, lambda: playing.pile.swipe(playing.profile.items.card, "02", playing.now))
    return playing.play().outcomes


def changed(case: str, frame: str, **values: Any) -> Outcomes:
    """A pile that says something else in one frame, or nothing, when no values are given."""
    playing = Playing([case])
    playing.pile.habits.change(frame, lambda said: said | values if values else None)
    return playing.play().outcomes


def by(change: Callable[[Playing], None], *cases: str, **how: Any) -> Outcomes:
    playing = Playing(cases, **how)
    change(playing)
    return playing.play().outcomes


def canary(name: str, **how: Any) -> Outcomes:
    return Playing([load(CANARIES / f"{name}.yaml", LANGUAGE)], **how).play().outcomes


def unsplit(playing: Playing) -> None:
    """All energy under one price, and what that costs there."""

    def one(values: Values) -> Values:
        labels = ("sharp", "peak", "flat", "valley")
        most = max(labels, key=lambda label: values[f"{label}_energy"])
        amount = (values["total_energy"] * values[f"{most}_unit_price"]).quantize(Decimal("0.0001"))
        for label in labels:
            values |= {f"{label}_energy": 0, f"{label}_loss_energy": 0, f"{label}_amount": 0}
        return values | {f"{most}_energy": values["total_energy"], f"{most}_amount": amount, "total_amount": amount}

    playing.pile.habits.change("transaction_record", one)


def ends_without_a_record(playing: Playing) -> None:
    playing.pile.habits.stops_after = 15
    playing.pile.habits.change("transaction_record", lambda values: None)


def stays_pressed(playing: Playing) -> None:
    playing.pile.habits.estop_release_delay = 100


def always_charging(playing: Playing) -> None:
    """Somebody charges at the gun and cannot be stopped."""
    playing.pile.habits.change("realtime_data", lambda values: values | {"status": 3})


def refuses_all_prices(playing: Playing) -> None:
    takes_only(playing, lambda model: False)


def after_a_charge(how: str, **people: Any) -> Outcomes:
    playing = Playing(["single_tariff", "single_tariff"], **people)
    sticky(playing, how)
    return playing.play().outcomes


def without_curve() -> Outcomes:
    """A journal from which all real-time data of the charge are gone."""
    records = played("single_tariff").records
    gone = {
        record.n
        for record in records
        if (message := LANGUAGE.read(record.raw) if hasattr(record, "raw") else None) is not None
        and getattr(message, "name", "") == "realtime_data"
    }
    return [judged([record for record in records if record.n not in gone])]


def high_checksums() -> Outcomes:
    return [judged([swapped(record) for record in played("card").records])]


def late_loop() -> Outcomes:
    playing = Playing(["single_tariff"], faults=("record_late",))
    playing.after(20, lambda: playing.series.late(LoopLate(seconds=2.5).seconds))
    return playing.play().outcomes


def our_fault() -> Outcomes:
    playing = Playing(["single_tariff"])
    playing.table.platform.new_serial = lambda pile, gun: 1 / 0  # type: ignore[assignment,method-assign]
    return playing.play().outcomes


def unplugged_cable() -> Outcomes:
    playing = Playing(["single_tariff"])
    playing.series.start()
    playing.until(lambda: bool(playing.done))
    return playing.outcomes


def stopped_early() -> Outcomes:
    playing = Playing(["single_tariff", "card"])
    playing.after(5, lambda: playing.series.stop("enough"))
    return playing.play().outcomes


def unsettled() -> Outcomes:
    """A pile that asks for prices again and again, from one second to the next."""
    playing = Playing(["card"], start=at("10:20:00"))
    takes_only(playing, two_prices)
    return playing.play().outcomes


def far_boundary() -> Outcomes:
    playing = Playing(["cross_tariff"], start=at("10:20:00"))
    takes_only(playing, two_prices)
    own_clock(playing)
    playing.table.power_on()
    playing.table.run(lambda: False, within=1200)
    playing.series.start()
    playing.until(lambda: bool(playing.done))
    return playing.outcomes


def people(case: str, act: str, ask: Callable[..., Any]) -> Outcomes:
    return test_people.with_acts(case, **{act: lambda playing: partial(ask, playing)}).play().outcomes


def swipe_another(playing: Playing, prompt: Any, answer: Any) -> None:
    playing.pile.swipe("11112222", "01", playing.now)
    playing.table.alarm.settle()
    Says().ask(prompt, answer)


def swipe_instead(playing: Playing, prompt: Any, answer: Any) -> None:
    playing.pile.swipe(playing.profile.items.card, "01", playing.now)
    playing.table.alarm.settle()
    Says().ask(prompt, answer)


def pulled() -> Outcomes:
    return test_deeds.pull_while_it_charges(Playing(["card"])).outcomes


def come_with_another_car(playing: Playing, prompt: Any, answer: Any) -> None:
    playing.pile.guns["01"].car.vin = "LSVAM4187C2184841"
    playing.pile.start_by_vin("01", playing.now)
    playing.table.alarm.settle()
    Says().ask(prompt, answer)


def refuses_and_shows_another_code() -> Outcomes:
    playing = Playing(["qr_set"], faults=("qr_wrong",))
    test_upkeep.refusing_qr(playing)
    return playing.play().outcomes


def at_a_live_site() -> Outcomes:
    """What is for a bench only is not begun there."""
    live = msgspec.structs.replace(profile("demo"), site="live")
    return Playing([written("  - ready:\n", "safety: bench-only\n" + HEAD)], live).play().outcomes


def two_guns(*cases: str, **how: Any) -> Outcomes:
    return Playing([f"two_guns_{case}" for case in cases], **how).play().outcomes


def crossed(case: str, fault: Fault) -> Outcomes:
    """A pile whose guns share what each should have for itself."""
    playing = Playing([f"two_guns_{case}"])
    fault(playing.pile)
    return playing.play().outcomes


CLEAN = {
    "energy_equal", "split_equal", "amount_equal", "start_accepted", "charging_seen", "ask_start_seen", "charged",
    "statuses_right", "serial_same", "stop_accepted", "stopped_by_platform", "stopped_by_estop", "estop_released",
    "record_seen", "trade_flag_right", "times_right", "card_right", "vin_right", "clock_moved", "qr_confirmed",
    "qr_right", "reboot_accepted", "connection_lost", "back_online", "firmware_fetched", "update_confirmed",
    "version_changed", "not_declared",
}  # fmt: skip

CLEAN_LINK = {
    "start_confirmed", "record_kept", "record_settled", "stayed_online", "charge_went_on", "crc_ignored",
    "start_repeat_same", "tariff_deferred", "stop_idle_refused",
}  # fmt: skip

SOURCES: list[tuple[Callable[[], Outcomes], set[str]]] = [
    (clean, CLEAN),
    (partial(faulty, "single_tariff", "wrong_total"), {"energy_mismatch"}),
    (partial(faulty, "single_tariff", "no_energy"), {"no_energy"}),
    (partial(faulty, "single_tariff", "stops_by_itself"), {"stopped_by_other"}),
    (partial(faulty, "single_tariff", "no_0x33"), {"no_start_reply"}),
    (partial(faulty, "single_tariff", "wrong_transaction_serial"), {"serial_changed"}),
    (partial(faulty, "single_tariff", "record_missing"), {"record_missing"}),
    (partial(faulty, "single_tariff", "record_late"), {"record_late"}),
    (partial(faulty, "estop", "wrong_stop_reason"), {"estop_reason_wrong"}),
    (partial(faulty, "qr_set", "qr_wrong"), {"qr_wrong"}),
    (partial(faulty, "upgrade", "upgrade_old_version"), {"version_unchanged"}),
    (partial(odd, "card", "no_meter"), {"no_meter"}),
    (partial(odd, "card", "rounded_energies"), {"energy_rounding"}),
    (partial(odd, "card", "one_idle_report"), {"idle_while_charging"}),
    (partial(odd, "estop", "no_fault_bit"), {"estop_not_reported"}),
    (beside_another_charge, {"clock_not_moved"}),
    (partial(changed, "vin", "start_request", vin="924681008DP100ANL"), {"vin_not_reversed"}),
    (partial(by, unsplit, "cross_tariff"), {"no_split"}),
    (partial(by, ends_without_a_record, "single_tariff"), {"ended_early", "record_missing"}),
    (partial(by, test_deeds.keeps_its_bit, "estop"), {"estop_not_cleared"}),
    (partial(by, stays_pressed, "estop"), {"act_not_seen"}),
    (pulled, {"gun_pulled"}),
    (partial(by, own_clock, "cross_tariff"), {"clock_not_followed"}),
    (partial(by, always_charging, "single_tariff"), {"still_charging"}),
    (partial(by, refuses_all_prices, "single_tariff"), {"tariff_simple", "tariff_refused"}),
    (partial(changed, "single_tariff", "transaction_record", total_amount="99"), {"amount_mismatch"}),
    (partial(changed, "single_tariff", "transaction_record", trade_flag=2), {"trade_flag_wrong"}),
    (partial(changed, "single_tariff", "transaction_record", end_time=None), {"times_wrong"}),
    (partial(changed, "card", "transaction_record", physical_card_no="00"), {"card_wrong"}),
    (
        partial(changed, "card", "start_request", account_or_physical_card_no="00000000F05D0932"),
        {"card_otherwise"},
    ),
    (partial(changed, "vin", "transaction_record", vin="924681008DP100ANL"), {"vin_wrong"}),
    (partial(changed, "single_tariff", "remote_start_reply", start_result=0, fail_reason=3), {"start_refused"}),
    (partial(changed, "single_tariff", "realtime_data", status=2), {"charging_late"}),
    (partial(changed, "single_tariff", "remote_stop_reply"), {"no_stop_reply"}),
    (partial(by, test_upkeep.without_qr_reply, "qr_set"), {"qr_no_reply"}),
    (partial(by, test_upkeep.refusing_qr, "qr_set"), {"qr_refused_but_shown"}),
    (refuses_and_shows_another_code, {"qr_refused", "qr_wrong"}),
    (
        lambda: Playing(["qr_set"], operator=lambda p: Says(texts=(), picture="a.png")).play().outcomes,
        {"qr_unreadable"},
    ),
    (lambda: Playing(["qr_set"], operator=lambda p: Says(texts=())).play().outcomes, {"qr_not_shown"}),
    (partial(by, test_upkeep.never_reboots, "reboot"), {"connection_not_lost"}),
    (partial(by, test_upkeep.never_comes_back, "reboot"), {"not_back"}),
    (partial(by, test_upkeep.without_reboot_reply, "reboot"), {"no_reboot_reply"}),
    (partial(by, test_upkeep.fetching(test_upkeep.NEVER), "upgrade"), {"firmware_not_fetched", "update_refused"}),
    (partial(by, test_upkeep.fetching(test_upkeep.BAD_PASSWORD), "upgrade"), {"firmware_login_failed"}),
    (partial(by, test_upkeep.fetching(test_upkeep.ONLY_LOGIN), "upgrade"), {"firmware_not_opened"}),
    (partial(by, test_upkeep.fetching(test_upkeep.PARTIAL), "upgrade"), {"firmware_partial"}),
    (partial(by, test_upkeep.without_update_reply, "upgrade"), {"no_update_reply"}),
    (partial(people, "upgrade", "choose_firmware", lambda playing, *ask: Says().ask(*ask)), {"firmware_version_bad"}),
    (partial(people, "card", "swipe_card", lambda playing, *ask: Says().ask(*ask)), {"act_not_seen"}),
    (partial(people, "vin", "start_by_vin", swipe_instead), {"ask_start_missing"}),
    (partial(people, "card", "swipe_card", swipe_another), {"card_unknown"}),
    (partial(people, "vin", "start_by_vin", come_with_another_car), {"vin_unknown"}),
    (partial(faulty, "card", "card_cut"), {"card_cut"}),
    (partial(faulty, "card", "card_decimal"), {"card_decimal"}),
    (partial(faulty, "vin", "vin_cut"), {"vin_cut"}),
    (partial(after_a_charge, BY_REPLY), {"restarted"}),
    (partial(after_a_charge, BY_RECORD, operator=lambda p: Deaf(p.scripted(), ("replug",))), {"start_failed"}),
    (without_curve, {"no_curve", "not_seen"}),
    (high_checksums, {"crc_order"}),
    (late_loop, {"loop_late"}),
    (our_fault, {"harness_fault"}),
    (unplugged_cable, {"pile_offline"}),
    (stopped_early, {"not_played", "aborted"}),
    (unsettled, {"tariff_not_accepted"}),
    (far_boundary, {"boundary_not_reached"}),
    (at_a_live_site, {"bench_only"}),
    (lambda: played(test_link.CASES).outcomes, CLEAN_LINK),
    (partial(faulty, "link_start_twice", "no_0x33"), {"charging_unconfirmed"}),
    (partial(by, link_piles.never_sends, "link_start_twice"), {"record_lost"}),
    (partial(changed, "link_start_twice", "transaction_record", total_energy=99), {"record_changed"}),
    (partial(changed, "link_start_twice", "realtime_data", status=2), {"not_reached"}),
    (lambda: test_link.beside_a_charge("link_stop_idle").outcomes, {"current_flows"}),
    *((partial(by, change, case), {code}) for case, change, code in link_piles.OPEN),
    (
        partial(two_guns, "stop", "estop", "reboot"),
        {"guns_apart", "other_goes_on", "rest_still", "estop_both", "not_resumed"},
    ),
    (partial(two_guns, "stop", name="single"), {"one_gun"}),
    (partial(crossed, "stop", crossings.serials_crossed), {"serial_crossed"}),
    (partial(crossed, "stop", crossings.records_crossed), {"record_crossed"}),
    (partial(crossed, "stop", crossings.energies_crossed), {"energy_crossed"}),
    (partial(crossed, "stop", crossings.readings_crossed), {"rest_moves"}),
    (partial(crossed, "stop", crossings.stop_of_both_guns), {"other_stopped"}),
    (partial(crossed, "estop", crossings.estop_of_one_gun), {"estop_one_gun"}),
    (partial(crossed, "reboot", crossings.resumes_after_reboot), {"resumed"}),
    (partial(canary, "passes"), {"frame_seen"}),
    (partial(canary, "passes_with_a_remark"), {"frame_tolerated"}),
    (partial(canary, "fails"), {"frame_differs"}),
    (partial(canary, "never_comes"), {"frame_late"}),
    (partial(canary, "checks_nothing"), {"nothing_checked"}),
    (partial(canary, "breaks_pile_gone"), {"pile_lost"}),
    (partial(canary, "breaks_wrong_value"), {"ended_by_us"}),
    (partial(canary, "breaks_silent", operator=lambda p: Deaf()), {"operator_silent"}),
    (partial(canary, "breaks_unable", operator=lambda p: Says(unable="no key")), {"operator_unable"}),
    (partial(canary, "breaks_nobody", operator=lambda p: Nobody()), {"no_operator"}),
]


@pytest.mark.parametrize("number", range(len(SOURCES)), ids=lambda number: "-".join(sorted(SOURCES[number][1]))[:60])
def test_a_finding_is_found_and_can_be_told(number: int) -> None:
    source, wanted = SOURCES[number]
    findings = [finding for outcome in source() for finding in outcome.findings]
    assert wanted <= {finding.code for finding in findings}
    for finding in findings:
        for sentence in (*say(finding.code, finding.params), *remedy(finding.code, finding.params)):
            assert "{" not in sentence, finding
        assert finding.verdict is Verdict.PASSED or finding.code in REMEDIES


def test_no_finding_is_left_out() -> None:
    assert set().union(*(wanted for _, wanted in SOURCES)) == set(FINDINGS)
