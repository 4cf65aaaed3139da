"""The test's end of a desk that runs in a process of its own: JSON lines to it, JSON lines back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

PATIENCE = 30  # real s for any answer
CHECKOUT = Path(__file__).resolve().parents[2]


class Desk:
    """A running desk: its address, its accounts, its clock and its simulated piles."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("HARNESS_")}
        self._log = (folder / "desk.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.served", str(folder), *arguments],
            cwd=CHECKOUT,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._listen, name="desk", daemon=True).start()
        self.about: dict[str, Any] = self._answer()
        self.url: str = self.about["url"]

    def tell(self, do: str, **values: Any) -> Any:
        """Have something done there; gives what came of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        self._process.stdin.flush()
        return self._answer()["came"]

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass on the desk's clock."""
        self.tell("pass_time", seconds=seconds)

    def until(self, what: str, model: int, most: float = 900, besides: list[str] | None = None) -> dict[str, Any]:
        """Let time pass until a run charges (`charging`), ends (`over`), or somebody is asked or it ends (`waiting`).

        `waiting` is also over when one of the cases `besides` charges.
        """
        came: dict[str, Any] = self.tell("until", what=what, model=model, most=most, besides=besides or [])
        assert came["reached"], f"{what} was not reached in {most} s: {came}"
        return came

    def set_up(self, code: str, faults: tuple[str, ...] = (), version: str = "") -> None:
        """A simulated pile logs in with a pile code."""
        self.tell("set_up", code=code, faults=faults, version=version)

    def play(self, model: int, *cases: str) -> None:
        """Cases from beginning to end, by a pile that does by itself what the desk asks."""
        code = self.about["pile"]
        self.tell("helpful", code=code, on=True)
        self.tell("start", model=model, cases=cases)
        self.until("over", model, most=7200)
        self.tell("helpful", code=code, on=False)
        self.tell("flush")

    def press(self, code: str, button: str, gun: str = "01", card: str = "") -> None:
        """Somebody acts at a simulated pile, and the frames have their second."""
        self.tell("press", code=code, button=button, gun=gun, card=card)
        self.pass_time(1)

    def screen(self, code: str, gun: str = "01") -> bytes:
        """What the screen of a simulated pile shows."""
        return bytes.fromhex(self.tell("screen", code=code, gun=gun))

    def close(self) -> None:
        """The desk ends, and without complaint."""
        code, said = self._end()
        assert (code, said) == (0, ""), f"the desk ended with {code} and said:\n{said}"

    def _end(self) -> tuple[int, str]:
        """Its exit code and what it complained of."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            code = self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._log.seek(0)
        said = self._log.read()
        self._log.close()
        return code, said

    def _listen(self) -> None:
        """What the desk says, as it comes; the last is an empty line."""
        assert self._process.stdout is not None
        with self._process.stdout as said:
            for line in said:
                self._lines.put(line)
        self._lines.put("")

    def _answer(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=PATIENCE)
        except Empty:
            self._process.kill()
            line = ""
        if not line:
            raise AssertionError(f"the desk ended or hung: {self._end()[1]}")
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer
