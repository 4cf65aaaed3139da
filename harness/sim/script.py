"""Operators that need nobody: one that acts on a simulated pile by itself, and one that reads its answers from a file.

A picture goes to `read_picture`, which app gives; a picture that cannot be read is an answer "unable".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from harness.core.clock import Clock, Timer
from harness.core.documents import DocumentError, parse, read_text, validate
from harness.core.errors import PersonError
from harness.core.operator import Answer, Firmware, Prompt
from harness.core.pairs import Pair, Said
from harness.core.play_words import ACTS
from harness.sim.hands import BETWEEN, PHYSICAL, Hands, Move

ReadPicture = Callable[[bytes], tuple[str, ...]]
KeepPicture = Callable[[bytes], str]
Told = Callable[[Answer], None]
HUMAN_DELAY = (2.0, 6.0)


def not_kept(picture: bytes) -> str:
    """A picture that nobody wants to keep has no name."""
    return ""


class _Timed:
    """Prompts that wait for their moment; a withdrawn one is never answered."""

    def __init__(self, clock: Clock, read_picture: ReadPicture, keep_picture: KeepPicture) -> None:
        self._clock = clock
        self._read_picture = read_picture
        self._keep_picture = keep_picture
        self._open: dict[int, Timer] = {}

    def withdraw(self, prompt: Prompt) -> None:
        """Nothing more is done about it."""
        timer = self._open.pop(prompt.id, None)
        if timer is not None:
            timer.cancel()

    def _after(self, seconds: float, prompt: Prompt, call: Callable[[float], None]) -> None:
        def ring() -> None:
            call(self._clock.monotonic())

        self._open[prompt.id] = self._clock.call_at(self._clock.monotonic() + seconds, ring)

    def _act(self, hands: Hands, prompt: Prompt, moves: Iterator[Move], answer: Told) -> None:
        """Make one move after the other, then say that it is done."""
        now = self._clock.monotonic()
        move = next(moves, None)
        if move is None:
            self._done(prompt, answer, Answer(prompt_id=prompt.id, by="file"))
            return
        try:
            hands.do(move, now)
        except PersonError as error:
            said = Answer(prompt_id=prompt.id, by="file", unable=(error.text_zh, error.text))
            self._done(prompt, answer, said)
            return
        if prompt.id in self._open:
            self._after(BETWEEN, prompt, lambda at: self._act(hands, prompt, moves, answer))

    def _show(self, prompt: Prompt, picture: bytes, answer: Told) -> None:
        """Answer with what a picture says."""
        try:
            texts = self._read_picture(picture)
        except PersonError as error:
            self._done(prompt, answer, Answer(prompt_id=prompt.id, by="file", unable=(error.text_zh, error.text)))
            return
        kept = self._keep_picture(picture)
        self._done(prompt, answer, Answer(prompt_id=prompt.id, by="file", texts=texts, picture=kept))

    def _done(self, prompt: Prompt, answer: Told, said: Answer) -> None:
        """Say it, unless the prompt was withdrawn meanwhile."""
        if self._open.pop(prompt.id, None) is not None:
            answer(said)


class ScriptedOperator(_Timed):
    """Does what is asked at a simulated pile, after a short human delay; chance comes from the seed."""

    def __init__(
        self,
        hands: Hands,
        clock: Clock,
        *,
        read_picture: ReadPicture,
        firmware: Firmware,
        spare: Firmware | None = None,
        keep_picture: KeepPicture = not_kept,
        seed: int = 0,
    ) -> None:
        super().__init__(clock, read_picture, keep_picture)
        self._hands = hands
        self._firmware = firmware
        self._spare = spare or firmware  # for a pile that runs the first one already
        self._choice = random.Random(f"operator {seed}")

    def ask(self, prompt: Prompt, answer: Told) -> None:
        """Do it in a few seconds."""
        self._after(self._choice.uniform(*HUMAN_DELAY), prompt, lambda now: self._begin(prompt, answer, now))

    def _begin(self, prompt: Prompt, answer: Told, now: float) -> None:
        if prompt.act == "scan_qr":
            self._show(prompt, self._hands.picture(prompt.gun_no, now), answer)
        elif prompt.act == "choose_firmware":
            runs_it = prompt.params.get("current") == self._firmware.version
            chosen = self._spare if runs_it else self._firmware
            self._done(prompt, answer, Answer(prompt_id=prompt.id, by="file", firmware=chosen))
        else:
            moves = self._hands.moves(prompt.act, prompt.gun_no, str(prompt.params.get("card", "")))
            self._act(self._hands, prompt, moves, answer)


class Entry(BaseModel):
    """One answer in a file: to which prompt, and what; `wait` seconds go before it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    prompt: str | None = None
    image: str | None = None
    value: str | None = None  # the same as image, firmware or card, whichever the prompt asks for
    screen: str | None = None
    card: str | None = None
    firmware: str | None = None
    version: str | None = None
    wait: float = Field(default=0.0, ge=0)
    unable: str | None = None


class Script(msgspec.Struct, frozen=True):
    """The answers of a file, and the folder that its paths are relative to."""

    entries: tuple[Entry, ...]
    folder: Path


def load_script(path: Path) -> Script:
    """Read a file of answers; all its mistakes at once."""
    name = str(path)
    data, marks = parse(read_text(path), name)
    if not isinstance(data, list):
        raise _mistake(name, 1, "文件应为答案列表", "the file takes a list of answers")
    entries: list[Entry] = []
    mistakes: list[DocumentError] = []
    for index, item in enumerate(data):
        try:
            entries.append(_checked(validate(item, Entry, marks, name, (index,)), name, marks[(index,)]))
        except DocumentError as error:
            mistakes.append(error)
    if mistakes:
        raise DocumentError(
            [line for error in mistakes for line in error.lines],
            [line for error in mistakes for line in error.lines_zh],
        )
    return Script(tuple(entries), path.parent)


def _checked(entry: Entry, name: str, line: int) -> Entry:
    """What the shape alone does not tell."""
    if entry.prompt is not None and entry.prompt not in ACTS:
        known = ", ".join(ACTS)
        raise _mistake(
            name,
            line,
            f"没有提示 '{entry.prompt}'，可用：{known}",
            f"there is no prompt '{entry.prompt}'; there are {known}",
        )
    chooses = entry.prompt == "choose_firmware" and entry.unable is None
    if chooses and not (entry.version and (entry.firmware or entry.value)):
        raise _mistake(name, line, "升级需要固件文件和版本", "choose_firmware takes firmware and version")
    return entry


def _unread(file: str | Path, error: OSError) -> Pair:
    return f"{file}：无法读取（{error.strerror}）", f"{file}: cannot be read ({error.strerror})"


def _mistake(name: str, line: int, zh: str, en: str) -> DocumentError:
    return DocumentError([f"{name}:{line}: {en}"], [f"{name}:{line}: {zh}"])


class FileOperator(_Timed):
    """Answers from a file. Each entry serves once, in order; the last one of a kind serves again.

    With `hands` the physical acts are done at the simulated pile; without, they are only said to be done.
    """

    def __init__(
        self,
        script: Script,
        clock: Clock,
        *,
        read_picture: ReadPicture,
        keep_picture: KeepPicture = not_kept,
        hands: Hands | None = None,
    ) -> None:
        super().__init__(clock, read_picture, keep_picture)
        self._folder = script.folder
        self._hands = hands
        self._answers: dict[str, list[tuple[float, Entry]]] = {}
        wait = 0.0
        for entry in script.entries:
            wait += entry.wait
            if entry.prompt is not None:
                self._answers.setdefault(entry.prompt, []).append((wait, entry))
                wait = 0.0

    def ask(self, prompt: Prompt, answer: Told) -> None:
        """Answer after the wait; what the file has nothing for cannot be done."""
        waiting = self._answers.get(prompt.act)
        if not waiting:
            zh_en = (f"文件中没有 {prompt.act} 的答案", f"the file has no answer to {prompt.act}")
            answer(Answer(prompt_id=prompt.id, by="file", unable=zh_en))
            return
        wait, entry = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        self._after(wait, prompt, lambda now: self._answer(prompt, entry, answer, now))

    def _answer(self, prompt: Prompt, entry: Entry, answer: Told, now: float) -> None:
        if entry.unable is not None:
            self._say(prompt, answer, unable=entry.unable)
        elif prompt.act == "scan_qr":
            self._scan(prompt, entry, answer, now)
        elif prompt.act == "choose_firmware":
            self._choose(prompt, entry, answer)
        elif prompt.act in PHYSICAL and self._hands is not None:
            card = entry.card or entry.value or str(prompt.params.get("card", ""))
            self._act(self._hands, prompt, self._hands.moves(prompt.act, prompt.gun_no, card), answer)
        else:
            self._say(prompt, answer)

    def _show_screen(self, prompt: Prompt, hands: Hands, gun: str, answer: Told, now: float) -> None:
        try:
            self._show(prompt, hands.picture(gun, now), answer)
        except PersonError as error:
            self._say(prompt, answer, unable=(error.text_zh, error.text))

    def _scan(self, prompt: Prompt, entry: Entry, answer: Told, now: float) -> None:
        image = entry.image or entry.value
        if image is not None:
            try:
                self._show(prompt, (self._folder / image).read_bytes(), answer)
            except OSError as error:
                self._say(prompt, answer, unable=_unread(image, error))
        elif self._hands is None:
            self._say(
                prompt, answer, unable=("没有模拟桩的屏幕", "there is no simulated pile whose screen could be shown")
            )
        else:
            self._show_screen(prompt, self._hands, entry.screen or prompt.gun_no, answer, now)

    def _choose(self, prompt: Prompt, entry: Entry, answer: Told) -> None:
        path = self._folder / (entry.firmware or entry.value or "")
        try:
            size = path.stat().st_size
        except OSError as error:
            self._say(prompt, answer, unable=_unread(path, error))
            return
        chosen = Firmware(str(path), entry.version or "", size)
        self._done(prompt, answer, Answer(prompt_id=prompt.id, by="file", firmware=chosen))

    def _say(self, prompt: Prompt, answer: Told, unable: Said = "") -> None:
        self._done(prompt, answer, Answer(prompt_id=prompt.id, by="file", unable=unable))
