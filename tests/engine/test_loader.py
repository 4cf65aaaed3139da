"""A scenario is read strictly: every mistake at once, each with file, line and what would be right."""

import re
from pathlib import Path

import pytest

from harness.core.documents import DocumentError
from harness.data import data_root
from harness.engine.loader import load, read
from harness.protocols.ykc.language import YkcLanguage

LANGUAGE = YkcLanguage()
CASES = sorted((data_root() / "scenarios" / "ykc").glob("*.yaml"))
HEAD = "id: probe\ntitle: {zh: 探, en: Probe}\nabout: {zh: 探, en: Probe}\nsteps:\n"


def mistakes(steps: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read(HEAD + steps, LANGUAGE, "probe.yaml")
    return caught.value.lines


def mistakes_zh(steps: str) -> tuple[list[str], list[str]]:
    with pytest.raises(DocumentError) as caught:
        read(HEAD + steps, LANGUAGE, "probe.yaml")
    return caught.value.lines_zh, caught.value.lines


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_that_ships_can_be_read_and_bears_the_name_of_its_file(path: Path) -> None:
    scenario = load(path, LANGUAGE)
    assert scenario.id == path.stem
    assert scenario.steps


def test_the_eight_cases_that_a_model_must_pass_are_there() -> None:
    assert {path.stem for path in CASES if load(path, LANGUAGE).head.suite == "main"} == {
        "qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade",
    }  # fmt: skip


def test_whoever_acts_at_a_second_gun_says_so_in_the_head_and_holds_the_pile() -> None:
    (line,) = mistakes("  - send: {frame: realtime_read, gun: other}\n")
    assert line == "probe.yaml:5: `gun: other` takes `guns: 2` in the head"
    with pytest.raises(DocumentError) as caught:
        read("guns: 2\n" + HEAD + "  - send: {frame: realtime_read, gun: other}\n", LANGUAGE, "probe.yaml")
    assert caught.value.lines == ["probe.yaml:1: a case for two guns takes `holds: pile`"]
    with pytest.raises(DocumentError) as caught:
        read(HEAD + "  - pause: {seconds: 3, gun: other}\n", LANGUAGE, "probe.yaml")
    assert "pause has no 'gun'" in caught.value.lines[0]


def test_a_misspelt_key_names_the_keys_that_are_allowed() -> None:
    (line,) = mistakes("  - expect: {frame: heartbeat, withn: 3, within: 3}\n")
    assert line.startswith("probe.yaml:5: expect has no 'withn'; it takes ")
    assert "within" in line
    assert "where" in line


def test_an_unknown_step_names_the_steps_there_are() -> None:
    (line,) = mistakes("  - expekt: {frame: heartbeat, within: 3}\n")
    assert line.startswith("probe.yaml:5: there is no step 'expekt'; there are ready, ask,")


def test_an_unknown_frame_and_an_unknown_field_are_told() -> None:
    lines = mistakes(
        "  - expect: {frame: hartbeat, within: 3}\n  - send: {frame: remote_start, values: {balance: 1}}\n"
    )
    assert lines[0].startswith("probe.yaml:5: there is no frame 'hartbeat'")
    assert lines[1].startswith("probe.yaml:6: remote_start has no field 'balance'; it has transaction_serial,")


def test_all_mistakes_are_told_at_once_in_order_of_lines() -> None:
    lines = mistakes("  - pause: soon\n  - check: [serial, moeny]\n  - poll: {every: -1}\n")
    assert [line.split(":")[1] for line in sorted(lines)] == ["5", "6", "7"]


def test_since_must_name_an_earlier_label() -> None:
    (line,) = mistakes("  - expect: {frame: heartbeat, within: 3, since: later}\n")
    assert line == "probe.yaml:5: no earlier step has the label 'later'"


def test_a_scenario_without_steps_is_refused() -> None:
    with pytest.raises(DocumentError, match="steps takes a list"):
        read(HEAD, LANGUAGE, "probe.yaml")


def test_a_value_that_cannot_stand_in_its_field_is_told() -> None:
    lines = mistakes(
        "  - send: {frame: remote_reboot, values: {exec_control: 300}}\n"
        "  - expect: {frame: remote_reboot_reply, within: 5, where: {set_result: x}}\n"
    )
    assert lines[0].startswith("probe.yaml:5: remote_reboot.exec_control cannot hold '300'")
    assert lines[1].startswith("probe.yaml:6: remote_reboot_reply.set_result cannot hold 'x'")


def test_an_unknown_name_of_the_run_is_told_with_those_there_are() -> None:
    (line,) = mistakes("  - send: {frame: remote_start, values: {transaction_serial: $serail}}\n")
    assert line.startswith("probe.yaml:5: '$serail' is not known here; known are $gun, $pile,")


@pytest.mark.parametrize("step", ["relogin: {since: later}", "updated: {since: later}"])
def test_a_misspelt_label_is_told_whatever_the_step(step: str) -> None:
    assert mistakes(f"  - {step}\n") == ["probe.yaml:5: no earlier step has the label 'later'"]


@pytest.mark.parametrize(
    ("step", "zh", "en"),
    [
        ("check:", "check 应为列表，这里是空的", "check takes a list, but it is empty"),
        ("check: []", "check 至少 1 项", "check takes 1 or more entries"),
        ("room:", "room 应为数字，这里是空的", "room takes a number, but it is empty"),
        ("pause: soon", "pause 应为数字，不是 'soon'", "pause takes a number, not 'soon'"),
        ("grant: key", "grant 应为 'card' 或 'vin'，不是 'key'", "grant takes 'card' or 'vin', not 'key'"),
        ("pause: {seconds: soon}", "seconds 应为数字，不是 'soon'", "seconds takes a number, not 'soon'"),
        ("check: {gun: other}", "check 缺少 'those'", "check lacks 'those'"),
    ],
)
def test_a_step_in_short_is_told_by_what_its_author_wrote(step: str, zh: str, en: str) -> None:
    assert mistakes_zh(f"  - {step}\n") == ([f"probe.yaml:5: {zh}"], [f"probe.yaml:5: {en}"])


@pytest.mark.parametrize(
    ("deed", "lacks"),
    [
        ("{what: delay, frame: heartbeat_reply}", ["delay takes seconds"]),
        ("{what: split, frame: realtime_read, seconds: 0}", ["split takes seconds"]),
        ("{what: split}", ["split takes seconds", "split takes a frame"]),
        ("withhold", ["withhold takes a frame"]),
        ("{what: untimely}", ["untimely takes a frame"]),
    ],
)
def test_a_misbehaviour_without_what_it_is_done_with_is_told(deed: str, lacks: list[str]) -> None:
    assert mistakes(f"  - misbehave: {deed}\n") == [f"probe.yaml:5: {lack}" for lack in lacks]


@pytest.mark.parametrize("under", ["where", "tolerate"])
@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("hardware_fault.nonsens: 0", "realtime_data.hardware_fault cannot hold 'nonsens': it takes bits named emer"),
        ("hardware_fault.nonsens: $gun", "realtime_data.hardware_fault cannot hold 'nonsens': it takes bits named em"),
        ("hardware_fault.emergency_stop: 2", "realtime_data.hardware_fault.emergency_stop cannot hold '2': it takes"),
        ("gun_no.first: 1", "realtime_data.gun_no cannot hold {'first': '1'}: it takes 2 digits"),
        ("gun_no: $gnu", "'$gnu' is not known here; known are $gun, $pile,"),
        ("gun_no: left", "realtime_data.gun_no cannot hold 'left': it takes 2 digits"),
        ("gun: 01", "realtime_data has no field 'gun'; it has "),
    ],
)
def test_what_no_frame_can_meet_is_told_wherever_it_is_wanted(under: str, field: str, told: str) -> None:
    (line,) = mistakes(f"  - expect: {{frame: realtime_data, within: 3, {under}: {{{field}}}}}\n")
    assert line.startswith(f"probe.yaml:5: {told}")


def test_a_bit_that_is_there_may_be_wanted_by_number_or_by_a_name_of_the_run() -> None:
    steps = "  - expect: {frame: realtime_data, within: 3, where: {hardware_fault.emergency_stop: 1, gun_no: $gun}}\n"
    assert len(read(HEAD + steps, LANGUAGE, "probe.yaml").steps) == 1


def test_bits_are_sent_with_their_field_and_not_by_a_path() -> None:
    (line,) = mistakes("  - send: {frame: realtime_read, values: {gun_no.first: 1}}\n")
    assert line == "probe.yaml:5: realtime_read has no field 'gun_no.first'; it has pile_code, gun_no"


@pytest.mark.parametrize(
    ("step", "keys"),
    [("expect: {frame: heartbeat, within: 3, ", ("seen", "late", "missing")), ("poll: {", ("seen", "missing"))],
)
def test_a_finding_that_there_is_not_is_told_wherever_it_is_named(step: str, keys: tuple[str, ...]) -> None:
    named = ", ".join(f"{key}: no_such_{key}" for key in keys)
    assert mistakes(f"  - {step}{named}}}\n") == [f"probe.yaml:5: there is no finding 'no_such_{key}'" for key in keys]


def test_choices_are_listed_as_each_language_lists_them() -> None:
    (zh,), (en,) = mistakes_zh("  - ask: {act: plug_in, proof: seen}\n")
    assert "proof 应为 ''、'plugged'、'granted'、'stopped' 或 'released'，不是 'seen'" in zh
    assert "proof takes '', 'plugged', 'granted', 'stopped' or 'released', not 'seen'" in en


def test_every_mistake_is_told_in_chinese_too_with_the_same_line() -> None:
    steps = (
        "  - expekt: {frame: heartbeat}\n"
        "  - send: {frame: hartbeat, label: a}\n"
        "  - expect: {frame: heartbeat, within: 3, since: b}\n"
        "  - send: {frame: remote_reboot, values: {exec_control: 300}}\n"
        "  - check: moeny\n"
        "  - ask: {act: dance}\n"
        "  - pause: soon\n"
    )
    with pytest.raises(DocumentError) as caught:
        read(HEAD + steps, LANGUAGE, "probe.yaml")
    places = [line.split(": ")[0] for line in caught.value.lines]
    assert sorted(places) == [f"probe.yaml:{line}" for line in (10, 11, 5, 6, 7, 8, 9)]
    assert [line.split(": ")[0] for line in caught.value.lines_zh] == places
    assert all(re.search("[\u4e00-\u9fff]", line) for line in caught.value.lines_zh)
