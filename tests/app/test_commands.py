"""The commands as people and CI call them: over real TCP and FTP, with exit codes, files, and sentences."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harness.data import data_root

DEMO = data_root() / "fixtures" / "piles" / "demo.yaml"
SIM = ("--pile", str(DEMO), "--target", "sim", "--speed", "50")


def harness(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder of its own."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("HARNESS_")}
    path = str(data_root()) if (data_root() / "pyproject.toml").exists() else ""
    return subprocess.run(
        [sys.executable, "-m", "harness", *arguments],
        cwd=cwd,
        env={**known, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    """What was said on stderr; never a traceback."""
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()
    return result.stderr


def outcome_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    return found


def test_an_upgrade_and_a_qr_code_pass_over_real_tcp_and_ftp_and_leave_their_files(tmp_path: Path) -> None:
    result = harness("run", "qr_set", "upgrade", *SIM, "--report", "out", "--junit", "out/junit.xml", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    cases = outcome_in(tmp_path / "out")["cases"]
    assert [(case["id"], case["verdict"]) for case in cases] == [("qr_set", "PASSED"), ("upgrade", "PASSED")]
    lines = [json.loads(line) for line in (tmp_path / "out" / "frames.jsonl").read_text("utf-8").splitlines()]
    assert {"n", "time", "direction", "hex", "name", "fields"} <= set(lines[0])
    assert "<html" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "testsuite" in (tmp_path / "out" / "junit.xml").read_text("utf-8")
    assert list((tmp_path / "out" / "pictures").glob("*.png"))
    listed = harness("runs", cwd=tmp_path)
    assert listed.returncode == 0
    assert "32010600019236" in listed.stdout
    for form in ("html", "junit", "sarif", "jsonl", "csv", "txt", "journal"):
        exported = harness("export", "latest", "--format", form, cwd=tmp_path)
        assert exported.returncode == 0, exported.stderr
        assert exported.stdout
    for what in ("latest", "out"):
        judged = harness("judge", what, cwd=tmp_path)
        assert judged.returncode == 0, judged.stdout + judged.stderr
    for form, begin in (("pcap", b"\xd4\xc3\xb2\xa1"), ("pcapng", b"\x0a\x0d\x0d\x0a")):
        exported = harness("export", "latest", "--format", form, "--out", f"run/it.{form}", cwd=tmp_path)
        assert exported.returncode == 0, exported.stderr
        written = (tmp_path / "run" / f"it.{form}").read_bytes()
        assert written.startswith(begin)
        assert all(bytes.fromhex(line["hex"]) in written for line in lines)


def test_the_dissector_goes_to_standard_output_or_to_a_file_and_knows_our_port(tmp_path: Path) -> None:
    said = harness("wireshark", cwd=tmp_path, HARNESS_PORT="6000")
    assert said.returncode == 0, said.stderr
    assert 'local PORTS = "6000"' in said.stdout
    assert "充电桩心跳包" in said.stdout
    written = harness("wireshark", "--english", "--port", "7000", "--out", "plugins/ykc.lua", cwd=tmp_path)
    assert (written.returncode, written.stdout) == (0, "")
    script = (tmp_path / "plugins" / "ykc.lua").read_text("utf-8")
    assert 'local PORTS = "7000"' in script
    assert '"Heartbeat"' in script


def test_a_pile_with_a_fault_fails_with_exit_code_1_and_says_why(tmp_path: Path) -> None:
    result = harness("run", "single_tariff", *SIM, "--fault", "wrong_total", "--report", "out", cwd=tmp_path)
    assert result.returncode == 1
    assert "上送电量与平台不匹配" in result.stdout
    (case,) = outcome_in(tmp_path / "out")["cases"]
    assert case["verdict"] == "FAILED"
    assert case["findings"][0]["code"] == "energy_mismatch"
    assert case["findings"][0]["frames"]
    assert case["findings"][0]["bytes"]
    assert harness("judge", "out", cwd=tmp_path).returncode == 1


def test_a_rule_that_must_be_kept_fails_a_run_whose_cases_passed_and_a_list_may_excuse_it(tmp_path: Path) -> None:
    (tmp_path / "known.yaml").write_text(
        "known:\n"
        "  - {case: session, finding: login_missing, reason: 旧模块 / old module, until: 2999-12-31}\n"
        "  - {case: session, finding: before_login, reason: 旧模块 / old module, until: 2999-12-31}\n",
        encoding="utf-8",
    )
    early = ("run", "qr_set", *SIM, "--fault", "talks_before_login", "--report", "out")
    result = harness(*early, "--sarif", "out/all.sarif", cwd=tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "必须 / must R-LG-1" in result.stdout
    outcome = outcome_in(tmp_path / "out")
    assert (outcome["verdict"], outcome["rules_broken"]) == ("PASSED", True)
    assert next(each["check"] for each in outcome["session"]["audit"] if each["case"] is None) == "login_missing"
    log = json.loads((tmp_path / "out" / "all.sarif").read_text("utf-8"))
    assert {each["ruleId"] for each in log["runs"][0]["results"]} >= {"login_missing", "before_login"}
    assert harness("judge", "latest", cwd=tmp_path).returncode == 1
    assert harness("judge", "out", cwd=tmp_path).returncode == 1
    assert harness("audit", "out/journal.jsonl", cwd=tmp_path).returncode == 1
    assert "login_missing" in harness("export", "latest", "--format", "sarif", cwd=tmp_path).stdout
    excused = harness(*early, "--expect", "known.yaml", cwd=tmp_path)
    assert excused.returncode == 0, excused.stdout + excused.stderr
    assert [each["how"] for each in outcome_in(tmp_path / "out")["known"]] == ["known", "known"]
    gone = harness("run", "qr_set", *SIM, "--expect", "known.yaml", "--report", "out", cwd=tmp_path)
    assert gone.returncode == 1
    assert "does not occur any more" in gone.stdout


def test_without_an_operator_a_case_that_asks_a_person_is_broken_with_exit_code_3(tmp_path: Path) -> None:
    result = harness("run", "card", *SIM, "--operator", "none", "--report", "out", cwd=tmp_path)
    assert result.returncode == 3
    (case,) = outcome_in(tmp_path / "out")["cases"]
    assert case["verdict"] == "BROKEN"


def test_a_run_in_which_nothing_applies_ends_with_exit_code_2(tmp_path: Path) -> None:
    profile = DEMO.read_text("utf-8").replace("  reboot: true\n", "  reboot: false\n")
    (tmp_path / "pile.yaml").write_text(profile, encoding="utf-8")
    result = harness("run", "reboot", "--pile", "pile.yaml", "--target", "sim", "--speed", "50", cwd=tmp_path)
    assert result.returncode == 2


def test_a_pile_that_never_comes_is_told_in_a_sentence_with_exit_code_3(tmp_path: Path) -> None:
    result = harness(
        "run", "--pile", str(DEMO), "--target", "listen", "--listen", "127.0.0.1:0", "--wait", "0.5", cwd=tmp_path,
        HARNESS_FTP_PORT="0",
    )  # fmt: skip
    assert result.returncode == 3
    assert "32010600019236" in result.stdout + result.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else has."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free() -> int:
    """A port on which nobody listens."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        port: int = other.getsockname()[1]
        return port


def test_a_port_in_use_is_told_in_a_sentence(tmp_path: Path, taken: int) -> None:
    result = harness(
        "run", "--pile", str(DEMO), "--target", "listen", "--listen", f"127.0.0.1:{taken}", cwd=tmp_path,
        HARNESS_FTP_PORT="0",
    )  # fmt: skip
    assert result.returncode == 2
    assert f"127.0.0.1:{taken}" in one_sentence(result)


def test_a_demo_whose_port_is_taken_names_its_own_ways_to_another(tmp_path: Path, taken: int) -> None:
    free = {f"HARNESS_{name}": "0" for name in ("PORT", "FTP_PORT", "WEB_PORT", "TLS_PORT")}
    told = harness("demo", cwd=tmp_path, **free | {"HARNESS_PORT": str(taken)})
    assert told.returncode == 2
    assert "HARNESS_PORT" in one_sentence(told)
    told = harness("demo", "--port", str(taken), cwd=tmp_path, **free)
    assert "harness demo 也可用 --port" in one_sentence(told)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("run", "nonsense", *SIM), "there is no case 'nonsense'; there are "),
        (("run", *SIM, "--fault", "nonsense"), "nonsense"),
        (("run", "--pile", "missing.yaml", "--target", "sim"), "missing.yaml"),
        (("run", "--pile", str(DEMO)), "--target"),
        (("run", *SIM, "--gun", "7"), "--gun 7"),
        (("run", "--pile", str(DEMO), "--target", "sim", "--speed", "fast"), "fast"),
        (("run", "--pile", str(DEMO), "--target", "listen", "--speed", "5"), "--speed"),
        (("run", "--pile", str(DEMO), "--target", "listen", "--listen", "here"), "--listen here"),
        (("run", *SIM, "--operator", "missing.yaml"), "missing.yaml"),
        (("run", *SIM, "--expect", "missing.yaml"), "missing.yaml: cannot be read"),
        (("run", *SIM, "--report", "/proc/nowhere"), "/proc/nowhere"),
        (("run", *SIM, "--wait", "nan"), "--wait nan"),
        (("run", *SIM, "--db", "mysql://x"), "mysql"),
        (("run", *SIM, "--db", "sqlite:////nowhere/at/all.sqlite"), "nowhere"),
        (("simulate", "--connect", "nowhere", "--pile", str(DEMO)), "--connect"),
        (("export", "nonsense", "--format", "txt"), "there is no database"),
        (("judge", "nonsense"), "harness.sqlite"),
        (("export", "nonsense", "--format", "pcap"), "harness.sqlite"),
        (("wireshark", "--port", "70000"), "--port 70000"),
        (("wireshark", "--out", "/proc/nowhere/ykc.lua"), "/proc/nowhere"),
        (("decode", "6X"), "'X'"),
        (("encode", "heartbeat", "--values", "{"), "JSON"),
        (("encode", "heartbeat", "--values", '{"gun_no": "123"}'), "gun_no"),
        (("frames", "hartbeat"), "hartbeat"),
        (("nonsense",), "nonsense"),
        (("run", "--nonsense"), "--"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_with_exit_code_2(
    arguments: tuple[str, ...], part: str, tmp_path: Path
) -> None:
    result = harness(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert part in one_sentence(result)


def test_a_typo_in_a_case_names_file_line_and_what_would_be_right(tmp_path: Path) -> None:
    text = (data_root() / "scenarios" / "ykc" / "reboot.yaml").read_text("utf-8").replace("within: 120", "withn: 120")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    result = harness("run", "mine.yaml", *SIM, cwd=tmp_path)
    assert result.returncode == 2
    assert "mine.yaml:11: ready has no 'withn'; it takes" in one_sentence(result)


def test_settings_come_from_file_and_environment_and_mistakes_name_them(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_text("prot = 5456\n", encoding="utf-8")
    assert "prot" in one_sentence(harness("runs", cwd=tmp_path))
    (tmp_path / "harness.toml").write_text("port = 70000\n", encoding="utf-8")
    assert "port" in one_sentence(harness("runs", cwd=tmp_path))
    (tmp_path / "harness.toml").write_text('database_url = "sqlite:///mine.sqlite"\n', encoding="utf-8")
    none = harness("runs", cwd=tmp_path)
    assert none.returncode == 0
    assert str(tmp_path / "mine.sqlite") in none.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["harness.toml"]  # what only reads makes nothing
    assert "HARNESS_NONSENSE" in one_sentence(harness("runs", cwd=tmp_path, HARNESS_NONSENSE="1"))


def test_a_server_that_has_the_ports_is_named_with_what_to_do(tmp_path: Path, taken: int) -> None:
    result = harness("serve", cwd=tmp_path, HARNESS_PORT=str(taken), HARNESS_HOST="127.0.0.1", HARNESS_FTP_PORT="0")
    assert result.returncode == 2
    assert "harness serve" in one_sentence(result)
    assert f"127.0.0.1:{taken}" in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_without_some_characters_shows_others_and_the_run_goes_on(encoding: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "harness", "run", "qr_set", *SIM, "--report", "out"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(data_root()), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0
    assert b"Traceback" not in result.stderr
    assert b"Passed" in result.stdout


def test_a_reader_that_goes_away_does_not_end_the_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "harness", "run", "qr_set", *SIM, "--report", "out"]
    environment = {**os.environ, "PYTHONPATH": str(data_root())}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.wait(120) == 0
    assert outcome_in(tmp_path / "out")["verdict"] == "PASSED"


@pytest.mark.parametrize("arguments", [("faults",), ("faults", "--json"), ("frames",), ("wireshark",), ("run", "-h")])
def test_a_reader_that_has_seen_enough_makes_no_command_fail(arguments: tuple[str, ...], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "harness", *arguments]
    known = {**os.environ, "PYTHONPATH": str(data_root()), "PYTHONIOENCODING": "utf-8"}
    piped = subprocess.Popen(command, cwd=tmp_path, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with piped as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert (run.stderr.read(), run.wait(60)) == (b"", 0)


@pytest.mark.parametrize("address", ["host.invalid:5456", "127.0.0.1:{free}"])
def test_a_simulated_pile_says_once_why_it_is_offline(address: str, tmp_path: Path, free: int) -> None:
    command = [sys.executable, "-m", "harness", "simulate", "--pile", str(DEMO), "--connect", address.format(free=free)]
    known = {**os.environ, "PYTHONPATH": str(data_root()), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=known, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as pile:
        assert pile.stdout is not None
        assert pile.stdin is not None
        try:
            said = next(line for line in pile.stdout if line.endswith("trying again\n"))
            rest, _ = pile.communicate("quit\n", 60)
        finally:
            pile.kill()
    assert address.partition(":")[0] in said
    assert "trying again" not in rest
    assert pile.returncode == 0


def test_a_setting_from_the_environment_is_named_when_it_is_wrong(tmp_path: Path) -> None:
    told = one_sentence(harness("runs", cwd=tmp_path, HARNESS_PORT="abc"))
    assert "HARNESS_PORT: port (YKC port) cannot be 'abc'" in told


def test_a_firmware_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    anywhere = {"HARNESS_HOST": "127.0.0.1", "HARNESS_PORT": "0", "HARNESS_FTP_PORT": "0"}
    result = harness("serve", cwd=tmp_path, HARNESS_FIRMWARE="taken/here", **anywhere)
    assert result.returncode == 2
    assert "taken/here" in one_sentence(result)


def test_a_folder_of_piles_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    result = harness("serve", cwd=tmp_path, HARNESS_PILES="nowhere")
    assert result.returncode == 2
    assert "nowhere" in one_sentence(result)


def test_a_server_opens_the_desk_too_and_ends_when_it_is_told(tmp_path: Path) -> None:
    ports = {f"HARNESS_{name}": "0" for name in ("PORT", "FTP_PORT", "WEB_PORT", "TLS_PORT")}
    known = {name: value for name, value in os.environ.items() if not name.startswith("HARNESS_")}
    path = str(data_root()) if (data_root() / "pyproject.toml").exists() else ""
    with subprocess.Popen(
        [sys.executable, "-m", "harness", "serve"],
        cwd=tmp_path,
        env={
            **known,
            **ports,
            "HARNESS_HOST": "127.0.0.1",
            "HARNESS_WEB_HOST": "127.0.0.1",
            "PYTHONPATH": path,
            "PYTHONIOENCODING": "utf-8",
        },
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as server:
        assert server.stderr is not None
        said = []
        try:
            for line in server.stderr:
                said.append(line)
                if "harness user add" in line:  # nobody can approve yet
                    break
            address = next(word for line in said for word in line.split() if word.startswith("http://"))
            with urllib.request.urlopen(f"{address}/help", timeout=30) as page:
                assert page.status == 200
            server.send_signal(signal.SIGTERM)
            rest = server.stderr.read()
            assert server.wait(30) == 0
        finally:
            server.kill()  # or a failure would wait for a server that nobody told to end
    assert "stopped" in rest
    assert "Traceback" not in "".join(said) + rest
