"""A scenario as frozen data, each step knowing its line."""

from __future__ import annotations

from typing import Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from harness.engine.steps.base import Step
from harness.engine.tolerances import Tolerances

Item = Literal["scan", "card", "vin", "reboot", "upgrade", "qr"]
Suite = Literal["main", "link", "guns"]  # main: what a model must pass; the others are played when asked for
Safety = Literal["live-safe", "bench-only", "never-while-current-flows"]


class Text(BaseModel):
    """A text for people in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class Head(BaseModel):
    """All of a scenario but its steps."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern="^[a-z][a-z0-9_]*$")
    title: Text
    about: Text
    needs: Item = Field("scan", description="the declared item without which the case does not apply")
    holds: Literal["gun", "pile"] = Field("gun", description="what no other run may touch meanwhile")
    guns: int = Field(1, ge=1, le=2, description="2: steps may take `gun: other`; a pile with one gun is not for it")
    suite: Suite = Field("main", description="the group it belongs to; only `main` is needed for submission")
    safety: Safety | None = Field(None, description="where it may be played; no file goes without it")
    fails: tuple[str, ...] = Field(
        (), description="the only findings that fail this case, when it names some; other failures are remarks"
    )
    sections: tuple[str, ...] = Field((), description="sections of the protocol that the case is about")
    restart: bool = Field(
        False, description="a failed start on a gun not unplugged since its last charge is done anew, once"
    )
    tolerances: Tolerances = Tolerances()
    verdict: str = Field("", description="canaries only: the verdict known beforehand")


class PlacedStep(msgspec.Struct, frozen=True):
    """A step and the line on which it stands."""

    step: Step
    line: int


class Scenario(msgspec.Struct, frozen=True):
    """One case, its text and where it was read."""

    head: Head
    steps: tuple[PlacedStep, ...]
    text: str
    name: str

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.head.id
