"""The person at the terminal as operator: prompts shown large, answered by Enter, a path, a version, or a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from rich.align import Align
from rich.panel import Panel
from rich.text import Text

from harness.console.look import clock_of, console_on, in_lines
from harness.console.words import both, word
from harness.core import wording
from harness.core.clock import Clock
from harness.core.errors import PersonError
from harness.core.operator import Answer, Firmware, Prompt
from harness.core.pairs import Pair

DONE = frozenset({"", "y", "yes", "ok", "done", "好", "是", "好了", "完成"})
NO_CODE = frozenset({"none", "没有", "无"})
SEEN_AT_THE_PILE = ("plug_in", "replug", "swipe_card", "start_by_vin", "press_estop")
HINTS = {"scan_qr": "how_scan", "choose_firmware": "how_firmware", **dict.fromkeys(SEEN_AT_THE_PILE, "how_proved")}
LONGEST_VERSION = 8  # ASCII characters, as the login frame has room for
REMINDERS = (300.0, 120.0, 60.0, 30.0)  # s before the time is over

Told = Callable[[Answer], None]


class TerminalOperator:
    """Asks the person who reads `out`; whoever reads the keyboard hands each line to `feed_line`.

    `hold` and `go_on` let something else that draws on the terminal step aside meanwhile.
    """

    def __init__(
        self,
        out: TextIO,
        clock: Clock,
        *,
        timezone: str,
        read_picture: Callable[[bytes], tuple[str, ...]],
        keep_picture: Callable[[bytes], str] = lambda picture: "",
        hold: Callable[[], None] = lambda: None,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        self._console = console_on(out)
        self._clock = clock
        self._zone = ZoneInfo(timezone)
        self._read_picture = read_picture
        self._keep_picture = keep_picture
        self._hold = hold
        self._go_on = go_on
        self._open: list[tuple[Prompt, Told]] = []
        self._firmware: Path | None = None

    def ask(self, prompt: Prompt, answer: Told) -> None:
        """Show a prompt."""
        self._open.append((prompt, answer))
        if len(self._open) == 1:
            self._hold()
            self._show(prompt)

    def withdraw(self, prompt: Prompt) -> None:
        """The prompt is closed: the frames proved the act, or its time is over."""
        shown = bool(self._open) and self._open[0][0].id == prompt.id
        self._open = [(other, answer) for other, answer in self._open if other.id != prompt.id]
        if shown:
            late = self._clock.monotonic() >= prompt.due
            self._say(word("closed" if late else "proved"), "yellow" if late else "green")
            self._next()

    def feed_line(self, text: str) -> None:
        """A line that was typed."""
        if not self._open:
            self._say(word("nothing_asked"), "dim")
            return
        prompt, _ = self._open[0]
        line = text.strip().strip("'\"")
        if prompt.act == "scan_qr":
            self._scanned(prompt, line)
        elif prompt.act == "choose_firmware":
            self._chosen(prompt, line)
        else:
            self._answer(Answer(prompt_id=prompt.id, by="person", unable="" if line.lower() in DONE else line))

    def _scanned(self, prompt: Prompt, line: str) -> None:
        if line.lower() in NO_CODE:
            self._answer(Answer(prompt_id=prompt.id, by="person", texts=()))
            return
        picture = self._bytes(line)
        if picture is None:
            return
        try:
            texts = self._read_picture(picture)
        except PersonError as error:
            self._say((error.text_zh, error.text), "red")
            return
        if not texts:
            self._say(word("no_code"), "red")
            return
        self._answer(Answer(prompt_id=prompt.id, by="person", texts=texts, picture=self._keep_picture(picture)))

    def _chosen(self, prompt: Prompt, line: str) -> None:
        """First the file, then its version; a slip of the finger is asked for again."""
        if self._firmware is not None:
            current = str(prompt.params.get("current", ""))
            if not (0 < len(line) <= LONGEST_VERSION and line.isascii()) or line == current:
                self._say(wording.say("firmware_version_bad", {"version": line, "current": current}), "red")
                return
            chosen = Firmware(str(self._firmware), line, self._firmware.stat().st_size)
            self._answer(Answer(prompt_id=prompt.id, by="person", firmware=chosen))
        elif Path(line).is_file():
            self._firmware = Path(line)
            self._say(word("how_version"), "bold")
        else:
            self._say(word("no_file", path=line), "red")

    def _bytes(self, path: str) -> bytes | None:
        try:
            return Path(path).read_bytes()
        except OSError:
            self._say(word("no_file", path=path), "red")
            return None

    def _answer(self, answer: Answer) -> None:
        _, told = self._open.pop(0)
        self._next()
        told(answer)

    def _next(self) -> None:
        self._firmware = None
        if self._open:
            self._show(self._open[0][0])
        else:
            self._go_on()

    def _show(self, prompt: Prompt) -> None:
        zh, en = wording.act(prompt.act, prompt.params)
        left = prompt.due - self._clock.monotonic()
        by = (self._clock.wall() + timedelta(seconds=left)).astimezone(self._zone)
        line = Text.assemble((zh + "\n", "bold"), (en, ""), justify="center")
        title = f"{both(word('your_turn'))} · {both(word('within', left=clock_of(left), time=f'{by:%H:%M:%S}'))}"
        self._console.print(Panel(Align.center(line), title=title, style="black on yellow", padding=(1, 4)))
        self._say(word(HINTS.get(prompt.act, "how_done")), "bold")
        self._remind(prompt)

    def _remind(self, prompt: Prompt) -> None:
        """Say now and then how much time is left, as long as the prompt is open."""
        now = self._clock.monotonic()
        left = next((left for left in REMINDERS if now < prompt.due - left), None)
        if left is not None:
            self._clock.call_at(prompt.due - left, lambda: self._still_open(prompt, left))

    def _still_open(self, prompt: Prompt, left: float) -> None:
        if self._open and self._open[0][0] is prompt:
            self._say((f"{word('left')[0]} {clock_of(left)}", f"{clock_of(left)} {word('left')[1]}"), "yellow")
            self._remind(prompt)

    def _say(self, pair: Pair, style: str) -> None:
        self._console.print(Text(in_lines(pair, self._console), style=style), soft_wrap=not self._console.is_terminal)
