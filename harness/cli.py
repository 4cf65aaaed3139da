"""The command line: reads what was asked for and hands it to app, which is loaded only when needed."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from harness import __version__, cli_codec
from harness.cli_mistakes import mistake
from harness.core.errors import PersonError

USAGE = 2  # exit code for wrong use, a broken scenario file, or nothing that applies


class Parser(argparse.ArgumentParser):
    """Says what is wrong in a line, once in each language."""

    def error(self, message: str) -> NoReturn:
        zh, en = mistake(message)
        told = f"{self.prog}：{zh}；用法见 {self.prog} --help\n{self.prog}: {en}; see {self.prog} --help\n"
        self.exit(USAGE, told)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; an error that a person can mend is one sentence on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no Chinese shows ? and goes on
    try:
        try:
            code = _run_one(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read what was printed has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains of it at its end
        return 0
    return code


def _run_one(argv: Sequence[str] | None) -> int:
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except PersonError as error:
        _complain(error)
        return USAGE
    except KeyboardInterrupt:
        return 130
    return code


def _complain(error: PersonError) -> None:
    if error.text_zh != error.text:
        print(error.text_zh, file=sys.stderr)
    print(error.text, file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = Parser(prog="harness", description="充电桩联调 — joint-debug for EV chargers")
    top.add_argument("--version", action="version", version=f"charger-harness {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    _run(commands)
    _serve(commands)
    _demo(commands)
    _users(commands)
    _simulate(commands)
    _faults(commands)
    _runs(commands)
    _export(commands)
    _judge(commands)
    _wireshark(commands)
    _audit(commands)
    _selftest(commands)
    cli_codec.add_commands(commands)
    return top


def _run(commands: argparse._SubParsersAction[Parser]) -> None:
    run = commands.add_parser("run", help="联调：逐个执行场景 play cases against a pile and judge them")
    run.add_argument(
        "cases", nargs="*", metavar="CASE", help="ids of cases, files, or suites: main (if none named), guns, link, all"
    )
    run.add_argument("--pile", required=True, metavar="FILE", help="pile profile (YAML)")
    run.add_argument(
        "--target", choices=("sim", "listen"), required=True, help="simulated pile, or wait for a real one"
    )
    run.add_argument(
        "--listen", metavar="HOST:PORT", help="where to wait for the pile (setting host and port when left out)"
    )
    run.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N", help="with --target sim: minutes take 1/N as long"
    )
    run.add_argument(
        "--operator", metavar="FILE|ask|none", help="who acts at the pile: a file of answers, you, or nobody"
    )
    run.add_argument("--gun", type=int, default=1, metavar="N", help="gun under test, 1 when left out")
    run.add_argument(
        "--fault", action="append", default=[], metavar="NAME", help="a fault of the simulated pile (repeatable)"
    )
    run.add_argument(
        "--dialect", action="append", default=[], metavar="NAME", help="an odd but legal simulated pile (repeatable)"
    )
    run.add_argument("--seed", type=int, default=1, metavar="N", help="chance of the simulated pile")
    run.add_argument("--strict", action="store_true", help="audit what the document leaves in doubt as it is written")
    run.add_argument("--db", metavar="URL", help="database (setting database_url when left out)")
    run.add_argument("--wait", type=float, default=300.0, metavar="SECONDS", help="how long to wait for a login")
    run.add_argument(
        "--report", metavar="DIR", help="folder for report.html, outcome.json, frames.jsonl and journal.jsonl"
    )
    run.add_argument("--junit", metavar="FILE", help="also write JUnit XML")
    run.add_argument("--sarif", metavar="FILE", help="also write SARIF 2.1.0")
    run.add_argument("--expect", metavar="FILE", help="known failures (YAML): none fails the run until it expires")
    run.set_defaults(run=_do("run"))


def _serve(commands: argparse._SubParsersAction[Parser]) -> None:
    serve = commands.add_parser(
        "serve", help="服务：电桩在线、记录报文、联调网页 keep piles online, log them, open the desk"
    )
    serve.add_argument("--db", metavar="URL", help="database (setting database_url when left out)")
    serve.set_defaults(run=_do("serve"))


def _demo(commands: argparse._SubParsersAction[Parser]) -> None:
    demo = commands.add_parser(
        "demo", help="演示：联调网页和一个模拟桩 the desk with a simulated pile, to click through"
    )
    demo.add_argument("--speed", type=_speed, default=5.0, metavar="N", help="minutes at the pile take 1/N as long")
    demo.add_argument("--port", type=int, metavar="PORT", help="port of the desk (setting web_port when left out)")
    demo.add_argument(
        "--helpful", action="store_true", help="the simulated pile does by itself what the desk asks of people"
    )
    demo.set_defaults(run=_do("demo"))


def _users(commands: argparse._SubParsersAction[Parser]) -> None:
    user = commands.add_parser("user", help="审核员和管理员 reviewers and admins of the desk")
    acts = user.add_subparsers(dest="act", required=True, metavar="ACT", parser_class=Parser)
    add = acts.add_parser("add", help="添加 enter one")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=("reviewer", "admin"), required=True)
    acts.add_parser("list", help="列出 list them").set_defaults(run=_do("user_list"))
    password = acts.add_parser("password", help="换密码 give a new password")
    password.add_argument("name", metavar="NAME")
    for act, command in ((add, "user_add"), (password, "user_password")):
        act.add_argument("--password-file", metavar="FILE", help="password in its first line; else it is asked for")
        act.set_defaults(run=_do(command))
    for act in acts.choices.values():
        act.add_argument("--db", metavar="URL", help="database (setting database_url when left out)")


def _simulate(commands: argparse._SubParsersAction[Parser]) -> None:
    simulate = commands.add_parser("simulate", help="模拟桩 run a simulated pile")
    simulate.add_argument("--connect", required=True, metavar="HOST:PORT", help="the platform to connect to")
    simulate.add_argument("--pile", required=True, metavar="FILE", help="pile profile (YAML)")
    simulate.add_argument(
        "--fault", action="append", default=[], metavar="NAME", help="a fault to switch on (repeatable)"
    )
    simulate.add_argument(
        "--dialect", action="append", default=[], metavar="NAME", help="how it is odd but legal (repeatable)"
    )
    simulate.add_argument("--seed", type=int, default=1, metavar="N", help="chance of the simulated pile")
    simulate.set_defaults(run=_do("simulate"))


def _faults(commands: argparse._SubParsersAction[Parser]) -> None:
    faults = commands.add_parser("faults", help="模拟桩的故障和方言 faults and dialects of the simulated pile")
    faults.add_argument("--json", action="store_true", help="one JSON object")
    faults.set_defaults(run=_do("faults"))


def _runs(commands: argparse._SubParsersAction[Parser]) -> None:
    runs = commands.add_parser("runs", help="历次联调 list stored runs")
    runs.add_argument("--db", metavar="URL", help="database (setting database_url when left out)")
    runs.add_argument("--limit", type=int, default=20, metavar="N", help="how many, newest first")
    runs.set_defaults(run=_do("runs"))


def _export(commands: argparse._SubParsersAction[Parser]) -> None:
    export = commands.add_parser("export", help="导出 write a stored run in another form")
    export.add_argument("run_id", metavar="RUN", help="id of a run, the beginning of one, or latest")
    forms = ("html", "junit", "sarif", "jsonl", "csv", "txt", "journal", "pcap", "pcapng")
    export.add_argument("--format", choices=forms, required=True)
    export.add_argument("--out", metavar="FILE", help="file to write; standard output when left out")
    export.add_argument("--db", metavar="URL", help="database (setting database_url when left out)")
    export.set_defaults(run=_do("export"))


def _wireshark(commands: argparse._SubParsersAction[Parser]) -> None:
    wireshark = commands.add_parser("wireshark", help="Wireshark 解析插件 write a dissector for Wireshark (Lua)")
    wireshark.add_argument("--english", action="store_true", help="names of fields in English")
    wireshark.add_argument("--port", type=int, metavar="PORT", help="YKC port (setting port when left out)")
    wireshark.add_argument("--out", metavar="FILE", help="file to write; standard output when left out")
    wireshark.set_defaults(run=_do("wireshark"))


def _judge(commands: argparse._SubParsersAction[Parser]) -> None:
    what = "重判：用日志重新得出结论 judge a stored run again from its journals"
    judge = commands.add_parser("judge", help=what, description=what)
    judge.add_argument(
        "what", metavar="RUN|FILE", help="id of a run, the beginning of one, latest, or a journal or report folder"
    )
    judge.add_argument("--db", metavar="URL", help="database (setting database_url when left out)")
    judge.set_defaults(run=_do("judge"))


def _audit(commands: argparse._SubParsersAction[Parser]) -> None:
    what = "核对抓包或日志 judge captures and logs by the rules of the protocol"
    codes = (
        "退出码 exit codes: 0 没有违反必须遵守的规则 no rule that must be kept was broken, 1 违反了 one was, "
        "2 文件不能用 a file is unusable, "
        "3 读懂的不到一半，或没有桩的报文 less than half was understood, or no frame of a pile；"
        "多个文件时 of several files 1 > 2 > 3"
    )
    audit = commands.add_parser("audit", help=what, description=what, epilog=codes)
    audit.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="抓包、日志、导出的报文、报告文件夹 pcap, pcapng, logs, exports, a report's folder; - is stdin",
    )
    form = audit.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="输出 JSON one JSON object instead of tables")
    form.add_argument("--sarif", action="store_true", help="输出 SARIF 2.1.0 instead of tables")
    audit.add_argument(
        "--strict",
        action="store_true",
        help="文档有疑义处也按字面核对 judge what the document leaves in doubt as it is written",
    )
    audit.add_argument("--pile", default="", metavar="CODE", help="只看一个桩 only this pile")
    audit.set_defaults(run=_do("audit"))


def _selftest(commands: argparse._SubParsersAction[Parser]) -> None:
    selftest = commands.add_parser(
        "selftest", help="自检：所有故障桩和正常桩 prove the harness on piles known to be broken or right"
    )
    selftest.add_argument("names", nargs="*", metavar="NAME", help="only these faults or dialects; all when left out")
    selftest.add_argument("--seeds", type=_count, default=0, metavar="N", help="seeds for each pile (3 and 10)")
    selftest.add_argument("--jobs", type=_count, default=2, metavar="N", help="processes, 2 when left out")
    selftest.add_argument("--json", action="store_true", help="one JSON object instead of the matrix")
    selftest.set_defaults(run=_do("selftest"))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(
            f"应为 1 以上的整数，不是 {text!r} / takes a whole number from 1 on, not {text!r}"
        )
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.1 <= speed <= 1000:
        raise argparse.ArgumentTypeError(
            f"应为 0.1 到 1000 的数，不是 {text!r} / takes a number from 0.1 to 1000, not {text!r}"
        )
    return speed


def _do(command: str):  # type: ignore[no-untyped-def] # the type of args.run, which argparse does not know either
    def call(args: argparse.Namespace) -> int:
        from harness import app
        from harness.settings import load_settings

        code: int = getattr(app, command)(load_settings(), args)
        return code

    return call
