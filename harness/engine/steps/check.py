"""The step that names what is judged once the case has run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from harness.core.ports import Language
from harness.core.verdict import Finding
from harness.engine.checks import CHECKS
from harness.engine.steps.base import Ended, GunStep, Mistake, Play, Span
from harness.engine.tolerances import Tolerances
from harness.engine.view import View

if TYPE_CHECKING:
    from harness.engine.run import Run


class Check(GunStep):
    """Judge what was seen: one check or a list of them."""

    key = "check"
    shorthand = "those"
    those: tuple[str, ...] = Field(min_length=1)

    @field_validator("those", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    def play(self, run: Run) -> Play:
        return Ended()
        yield

    def judge(self, view: View, span: Span, tolerances: Tolerances) -> Iterator[Finding]:
        for name in self.those:
            yield from CHECKS[name](view, tolerances)

    def mistakes(self, language: Language, labels: set[str]) -> Iterator[Mistake]:
        for name in self.those:
            if name not in CHECKS:
                known = ", ".join(CHECKS)
                yield Mistake(
                    "check", f"没有检查 '{name}'；现有 {known}", f"there is no check '{name}'; there are {known}"
                )
