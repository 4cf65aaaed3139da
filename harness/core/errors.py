"""Whose fault it is, said by the class of the error: the author's, a value's, or ours."""

from __future__ import annotations


class PersonError(Exception):
    """An error a person can mend; its text is shown as one sentence, without a traceback."""

    def __init__(self, text: str, text_zh: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.text_zh = text_zh or text


class ScenarioError(PersonError):
    """The author of a scenario wrote something that cannot be played."""


class Misfit(PersonError):
    """A value that the bytes of its field cannot hold."""

    def __init__(self, frame: str, field: str, limit: str, value: object, limit_zh: str = "") -> None:
        shown = shortened(repr(value) if isinstance(value, str | bytes) else str(value))
        super().__init__(
            f"{frame}.{field} cannot hold {shown}: it takes {limit}",
            f"{frame}.{field} 放不下 {shown}：应为 {limit_zh or limit}",
        )
        self.frame = frame
        self.field = field
        self.limit = limit
        self.value = value


class NoSuchField(Misfit):
    """A value for a field that the frame does not have."""

    def __init__(self, frame: str, field: str, known: str) -> None:
        super().__init__(frame, field, known, field)
        self.text = f"{frame} has no field {field!r}; it has {known}"
        self.text_zh = f"{frame} 没有字段 {field!r}；它有 {known}"
        self.args = (self.text,)


def shortened(text: str) -> str:
    """A value as an error shows it: never a wall of text."""
    return text if len(text) <= 80 else text[:77] + "..."


class HarnessFault(Exception):
    """The harness itself is wrong; this is a bug and keeps its traceback."""
