"""What a `harness run` is asked to do, read and checked before anything is opened."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from harness.app.expecting import load_expected
from harness.app.files import ForCi, check_file
from harness.core.errors import PersonError
from harness.core.known import Known
from harness.core.pile import PileProfile
from harness.core.safety import BENCH
from harness.core.standing import MAIN
from harness.engine.loader import load
from harness.engine.scenario import Scenario
from harness.profiles import load_profile
from harness.protocols.ykc.language import YkcLanguage
from harness.settings import Settings
from harness.sim.script import Script, load_script
from harness.sim.ykc.faults import changes

# The order in which people do them: what moves the clock, reboots or changes the pile comes last.
ORDER = (
    "qr_set", "single_tariff", "cross_tariff", "card", "vin", "estop", "reboot", "upgrade",
    "two_guns_stop", "two_guns_estop", "two_guns_reboot", "two_guns_upgrade",
)  # fmt: skip
EVERY = "all"  # stands for all suites
LONGEST_WAIT = 30 * 86400.0  # s
HIGHEST_PORT = 65535


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A run as asked for; `script` is a file of answers, `operator` says who else acts at the pile."""

    profile: PileProfile
    scenarios: tuple[Scenario, ...]
    simulated: bool
    gun_no: str
    speed: float
    faults: tuple[str, ...]
    dialects: tuple[str, ...]
    seed: int
    strict: bool  # of the audit
    known: tuple[Known, ...]
    expects: bool  # was there a list of what is known, be it an empty one?
    operator: str  # script, file, ask, none
    script: Script | None
    host: str
    port: int
    wait: float
    report: Path | None
    ci: ForCi
    database_url: str


def plan(settings: Settings, args: argparse.Namespace) -> Plan:
    """Read the options; PersonError for the first thing that is wrong."""
    simulated = args.target == "sim"
    _check_target(args, simulated)
    profile = _profile(args, simulated)
    changes(args.dialect, args.fault)
    host, port = _address(settings, args.listen, simulated)
    operator, script = _operator(args.operator, simulated)
    if args.report:
        make_folder(Path(args.report))
    for path in filter(None, (args.junit, args.sarif)):
        check_file(Path(path))
    scenarios = tuple(find_scenarios(args.cases, settings.scenarios))
    return Plan(
        profile=profile,
        scenarios=scenarios,
        simulated=simulated,
        gun_no=f"{args.gun:02d}",
        speed=args.speed,
        faults=tuple(args.fault),
        dialects=tuple(args.dialect),
        seed=args.seed,
        strict=args.strict,
        known=load_expected(Path(args.expect), case_ids(scenarios, settings.scenarios)) if args.expect else (),
        expects=args.expect is not None,
        operator=operator,
        script=script,
        host=host,
        port=port,
        wait=args.wait,
        report=_path(args.report),
        ci=ForCi(_path(args.junit), _path(args.sarif), args.pile),
        database_url=args.db or settings.database_url,
    )


def _profile(args: argparse.Namespace, simulated: bool) -> PileProfile:
    profile = load_profile(Path(args.pile))
    if not 1 <= args.gun <= profile.guns:
        raise PersonError(
            f"--gun {args.gun}: {args.pile} declares {profile.guns} guns; choose 1 to {profile.guns}",
            f"--gun {args.gun}：{args.pile} 登记了 {profile.guns} 把枪，请填 1 到 {profile.guns}",
        )
    return msgspec.structs.replace(profile, site=BENCH) if simulated else profile  # no customer charges there


def _address(settings: Settings, listen: str | None, simulated: bool) -> tuple[str, int]:
    if listen:
        return host_and_port(listen, "--listen")
    return ("127.0.0.1", 0) if simulated else (settings.host, settings.port)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _check_target(args: argparse.Namespace, simulated: bool) -> None:
    if not simulated and args.speed != 1.0:
        raise PersonError(
            "--speed is for --target sim; a real pile has real time", "--speed 只用于 --target sim，真桩的时间不能加快"
        )
    for option, given in (("--fault", args.fault), ("--dialect", args.dialect)):
        if given and not simulated:
            raise PersonError(
                f"{option} is for --target sim; a real pile has its own",
                f"{option} 只用于 --target sim，真桩自有特点",
            )
    if not 0 < args.wait < LONGEST_WAIT:
        raise PersonError(
            f"--wait {args.wait:g}: give a number of seconds above 0", f"--wait {args.wait:g}：请填大于 0 的秒数"
        )


def _operator(asked: str | None, simulated: bool) -> tuple[str, Script | None]:
    if asked is None:
        return ("script" if simulated else "ask"), None
    if asked in ("ask", "none"):
        return asked, None
    return "file", load_script(Path(asked))


def make_folder(path: Path) -> None:
    """Make a folder that is to be written to; better to know before the run than after it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=path).close()
    except OSError as error:
        raise PersonError(
            f"{path}: no report can be written there ({error.strerror}); choose another folder",
            f"{path}：无法写入报告（{error.strerror}），请换一个文件夹",
        ) from None


def host_and_port(text: str, option: str) -> tuple[str, int]:
    """ "HOST:PORT" in its parts."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()) or int(port) > HIGHEST_PORT:
        raise PersonError(
            f"{option} {text}: give HOST:PORT, such as 0.0.0.0:5456",
            f"{option} {text}：请按 地址:端口 填写，如 0.0.0.0:5456",
        )
    return host.strip("[]"), int(port)


def find_scenarios(asked: Sequence[str], folder: Path) -> list[Scenario]:
    """The cases asked for, by id, file or suite (`all` is every case); all eight of main when none is named."""
    known = _known(folder)
    found: list[Scenario] = []
    for name in asked or (MAIN,):
        suite = [] if name in known else [case for case in _all(known) if name in (case.head.suite, EVERY)]
        found += suite or [_load(name, known)]
    return found


def case_ids(asked: Sequence[Scenario], folder: Path) -> frozenset[str]:
    """The cases there are: those asked for, and those of the folder."""
    return frozenset(case.id for case in asked) | frozenset(_known(folder))


def all_scenarios(folder: Path) -> list[Scenario]:
    """Every case there is, in the order in which people do them."""
    return _all(_known(folder))


def _all(known: Mapping[str, Path]) -> list[Scenario]:
    names = [*(name for name in ORDER if name in known), *(name for name in known if name not in ORDER)]
    return [_load(name, known) for name in names]


def _known(folder: Path) -> dict[str, Path]:
    """The files of cases by their ids."""
    if not folder.is_dir():
        raise PersonError(
            f"{folder}: this folder of cases does not exist (setting scenarios)",
            f"{folder}：场景文件夹不存在（设置项 scenarios）",
        )
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _load(name: str, known: Mapping[str, Path]) -> Scenario:
    path = known.get(name, Path(name))
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        raise PersonError(
            f"there is no case '{name}'; there are {', '.join(known)}, or name a YAML file",
            f"没有场景 '{name}'；现有 {', '.join(known)}，也可以写 YAML 文件的路径",
        )
    return load(path, YkcLanguage())
