"""A person is a slow device: prompts, answers, and the port behind which a person, a file or the desk stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import msgspec

from harness.core.pairs import Said


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is asked to do; `act` has its sentences in play_words.py (`act.plug_in` ...), `params` fill them.

    Acts: plug_in, replug, unplug, swipe_card, start_by_vin, press_estop, release_estop, scan_qr, choose_firmware.
    `due` is on the monotonic scale, seconds.
    """

    id: int
    act: str
    due: float
    gun_no: str = ""
    params: Mapping[str, Any] = msgspec.field(default_factory=dict)


MOST_VERSION = 8  # characters: a login has no room for more


def version_fits(version: str) -> bool:
    """Whether a pile could log in with it as its program version."""
    return 0 < len(version) <= MOST_VERSION and version.isascii() and version.isprintable()


class Firmware(msgspec.Struct, frozen=True):
    """A firmware file with the version it is said to hold (`version_fits`)."""

    path: str
    version: str
    size: int = 0

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


# Who answers a prompt: a person; a file or script; the frames, which proved the act; nobody, as there is no operator.
By = Literal["person", "file", "frames", "nobody"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about a prompt, and by whom.

    `unable` says in one sentence why not: the person's own, or ours in both languages. For scan_qr `texts` are the
    texts read in the picture (none: no code found) and `picture` the name under which it is kept; for choose_firmware
    `firmware`.
    """

    prompt_id: int
    by: By
    texts: tuple[str, ...] | None = None
    picture: str = ""
    firmware: Firmware | None = None
    unable: Said = ""


class MoreTime(msgspec.Struct, frozen=True):
    """A person needs so many seconds more for a prompt."""

    prompt_id: int
    seconds: float


class Operator(Protocol):
    """Whoever stands beside the pile."""

    def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
        """Show the prompt; call `answer` once, later or never."""

    def withdraw(self, prompt: Prompt) -> None:
        """The prompt is closed: the frames proved the act, or the time is over."""
