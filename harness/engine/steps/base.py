"""What a step is: its fields are the YAML keys, its docstring the help, `play` acts, `judge` looks back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from harness.core.journal import How
from harness.core.ports import Language
from harness.core.verdict import Finding
from harness.core.wording import FINDINGS
from harness.engine.tolerances import Tolerances

if TYPE_CHECKING:
    from harness.engine.run import Run
    from harness.engine.view import View


class Ended(msgspec.Struct, frozen=True):
    """How a step ended, with the frames that ended it."""

    how: How = "done"
    frames: tuple[int, ...] = ()
    detail: Mapping[str, Any] = msgspec.field(default_factory=dict)


# A step yields the moment at which it wants to be woken (monotonic; None: only when something arrives) and is sent what
# arrives: Heard, EventSeen, Answer, or None when the moment has come.
Play = Generator[float | None, object, Ended]


class Span(msgspec.Struct, frozen=True):
    """Where a step stands in the journal: from number `n` at `at` to `end_n` at `end_at`, and how it ended."""

    index: int
    n: int
    at: float
    end_n: int
    end_at: float
    how: str
    frames: tuple[int, ...] = ()
    detail: Mapping[str, Any] = msgspec.field(default_factory=dict)
    labels: Mapping[str, tuple[int, float]] = msgspec.field(default_factory=dict)


class Mistake(NamedTuple):
    """What an author wrote wrong: the key it stands under, and the sentence in both languages."""

    key: str
    zh: str
    en: str


class Step(BaseModel, ABC):
    """One step of a case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str]
    shorthand: ClassVar[str] = ""  # the field that a bare text or list stands for
    otherwise: Literal["stop", "go_on"] = Field("stop", description="what follows when it does not succeed")
    when: Literal["always", "charging"] = Field(
        "always", description="charging: left out when the charge ended by itself"
    )

    away: bool = Field(False, description="the pile may be offline when the time is over")

    @property
    def at_other_gun(self) -> bool:
        """Is it about the gun beside the one under test?"""
        return False

    @abstractmethod
    def play(self, run: Run) -> Play:
        """Act, and wait for what is to come."""

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        """What this step earned or found; nothing by default."""
        return iter(())

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        """What is wrong with it that its fields alone do not show."""
        return iter(())

    def says(self) -> tuple[str, Mapping[str, Any]]:
        """The key of its sentence in play_words.STEPS and what fills it; a frame stands under "frame" by its name."""
        return self.key, {}


class GunStep(Step, ABC):
    """A step about one gun; in a case for two guns that may be the other one."""

    gun: Literal["own", "other"] = Field("own", description="other: the gun beside the one under test (`guns: 2`)")

    @property
    def at_other_gun(self) -> bool:
        """Is it about the gun beside the one under test?"""
        return self.gun == "other"


def frame_mistakes(
    language: Language, key: str, frame: str, fields: Mapping[str, Any], bits: bool = False
) -> Iterator[Mistake]:
    """No such frame, no such fields, values that do not fit; with `bits` a path may name bits of a field."""
    if not language.has_frame(frame):
        lists = "`harness frames`"
        yield Mistake(key, f"没有帧 '{frame}'；{lists} 可列出全部", f"there is no frame '{frame}'; {lists} lists them")
        return
    known = language.field_names(frame)
    for path, value in fields.items():
        name, _, bit = path.partition(".") if bits else (path, "", "")
        if name not in known:
            has = ", ".join(known)
            yield Mistake(
                path, f"{frame} 没有字段 '{path}'；它有 {has}", f"{frame} has no field '{path}'; it has {has}"
            )
            continue
        named = isinstance(value, str) and value.startswith("$")
        if named and not bit:
            continue  # known only when the case is played
        zh, en = language.unfit(frame, name, {bit: "0" if named else value} if bit else value)
        if en:
            yield Mistake(path, zh, en)


def unknown_codes(codes: Mapping[str, str]) -> Iterator[Mistake]:
    """Codes of findings that have no sentence, by the keys they stand under; "" is none."""
    for key, code in codes.items():
        if code and code not in FINDINGS:
            yield Mistake(key, f"没有结论 '{code}'", f"there is no finding '{code}'")


def unknown_names(values: Mapping[str, Any], known: Sequence[str]) -> Iterator[Mistake]:
    """Names of the run, `$name`, that are no such thing."""
    for key, value in values.items():
        if isinstance(value, str) and value.startswith("$") and value[1:] not in known:
            names = ", ".join(f"${name}" for name in known)
            yield Mistake(key, f"这里没有 '{value}'；可用 {names}", f"'{value}' is not known here; known are {names}")
