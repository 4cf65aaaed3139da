"""What a reader met in a file besides the bytes of links."""

from __future__ import annotations

from collections import Counter


class Tally:
    """Counted by name, for the people who gave the file."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.breaks = ""  # where and why the file breaks off; "" when it was read to its end
        self.first_stamp: float | None = None  # seconds since 1970 of the first moment; None when the file has no dates
        self.grain = ""  # why its times say nothing about seconds (minutes, constant, batches)
        self.local = False  # are its dates local time, of whatever zone?

    def count(self, what: str, many: int = 1) -> None:
        """So many more of these."""
        self.counts[what] += many


__all__ = ["Tally"]
