"""What a group of rules remembers of one pile: a class with a method for each frame or event that matters to it."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, ClassVar, TypeVar

from harness.core.journal import PLATFORM, Event
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.audit.rule import Rule
from harness.protocols.ykc.audit.scene import Scene

EVERY_FRAME = "*"  # every frame in either direction that makes a message
DAMAGE = "!"  # bytes of the pile that made none: the method is handed the FrameSeen
ANY = frozenset({EVERY_FRAME, DAMAGE})

Method = TypeVar("Method", bound=Callable[..., None])


def hears(*whats: str | type[Event]) -> Callable[[Method], Method]:
    """The method is called with a Seen for each frame of these names, with the event for events of these types."""

    def mark(method: Method) -> Method:
        method.hears = whats  # type: ignore[attr-defined]
        return method

    return mark


class Watcher:
    """Base of all watchers. One instance watches one pile for as long as its session lasts.

    The facts of the scene already hold the frame that a method is handed; what was before it is `previous` there.
    Methods that hear the same run in the order in which they stand in the class, those of a base before.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()

    _heard: ClassVar[tuple[tuple[str | type[Event], str], ...]] = ()  # what, and the name of the method for it

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        names = dict.fromkeys(name for each in reversed(cls.__mro__) for name in vars(each))
        cls._heard = tuple((what, name) for name in names for what in getattr(getattr(cls, name), "hears", ()))

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @classmethod
    def could_look(cls, heard: Set[str]) -> bool:
        """Did frames of these names give it anything to look at? Of the pile, and of ours where it hears ours, too."""
        names = {what for what, _ in cls._heard if isinstance(what, str)}
        ours = {name for name in names - ANY if CATALOGUE.by_name(name).sender == PLATFORM}
        theirs = names - ours
        if ours and not ours & heard:
            return False
        return bool(heard) and (not theirs or bool(theirs & ANY) or bool(theirs & heard))

    def methods(self) -> list[tuple[str | type[Event], Callable[[Any], None]]]:
        """What it wants to hear, with the method for it."""
        return [(what, getattr(self, name)) for what, name in self._heard]


__all__ = ["DAMAGE", "EVERY_FRAME", "Watcher", "hears"]
