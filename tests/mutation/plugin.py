"""All trials, within a session of pytest that has collected the tests: each process has them ready to run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from _pytest.runner import runtestprotocol

from harness.core.errors import HarnessFault
from tests.mutation import children
from tests.mutation.corpus import Captured, journals
from tests.mutation.lines import traced
from tests.mutation.live import Live
from tests.mutation.mutants import Mutant, changed, compiled
from tests.mutation.places import CHECKOUT, module_of, path_of
from tests.mutation.trial import JOURNALS, TESTS, Look, Looks, Outcome, equal, tried

Progress = Callable[[str], None]


class Trials:
    """The plugin: it runs all tests once, then tries the changes; `results` holds what came of each."""

    def __init__(self, mutants: Sequence[Mutant], jobs: int, progress: Progress) -> None:
        self.results: list[tuple[Mutant, Outcome]] = []
        self._mutants = mutants
        self._jobs = jobs
        self._progress = progress
        self._files = list(dict.fromkeys(mutant.file for mutant in mutants))
        self._paths = [path_of(file) for file in self._files]
        self._sources = {file: (CHECKOUT / file).read_text(encoding="utf-8") for file in self._files}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once."""
        live = Live(self._paths)
        self._refuse_other_code(live)
        looks = Looks()
        self._judge(looks)
        self._run(looks, session.items)
        gc.collect()
        gc.freeze()
        for mutant, outcome in children.each(self._mutants, lambda each: self._trial(live, looks, each), self._jobs):
            self.results.append((mutant, outcome))
            self._progress(f"{len(self.results)} of {len(self._mutants)}: {mutant.file}")
        return True

    def _refuse_other_code(self, live: Live) -> None:
        for file, path in zip(self._files, self._paths, strict=True):
            if module_of(file).__file__ != path:
                raise HarnessFault(f"{file} is loaded from {module_of(file).__file__}: begin in the checkout")
            if not live.is_of(path, compiled(self._sources[file], path)):
                raise HarnessFault(f"{file} was saved while it was loaded: begin again")

    def _judge(self, looks: Looks) -> None:
        for count, journal in enumerate(journals()):
            self._progress(f"journal {count}: {journal.name}")
            self._look(looks, journal.name, journal.audited)
            if journal.is_case:
                self._look(looks, journal.name, journal.judged)
            else:
                self._look(looks, f"{journal.name}, captured", Captured(journal, count).audited)

    def _look(self, looks: Looks, name: str, said: Callable[[], object]) -> None:
        with traced(self._paths) as ran:
            start = time.process_time()
            before = said()
            took = time.process_time() - start
        looks.add(Look(JOURNALS, name, took, equal(said, before)), ran)

    def _run(self, looks: Looks, items: Sequence[pytest.Item]) -> None:
        for count, item in enumerate(items):
            self._progress(f"test {count}: {item.nodeid}")
            with traced(self._paths) as ran:
                start = time.process_time()
                red = _red(item, items[count + 1] if count + 1 < len(items) else None)
                took = time.process_time() - start
            if red:
                raise HarnessFault(f"{item.nodeid} is red without any change\n{red}")
            looks.add(Look(TESTS, item.nodeid, took, partial(_is_green, item)), ran)

    def _trial(self, live: Live, looks: Looks, mutant: Mutant) -> Outcome:
        path = path_of(mutant.file)
        code = changed(self._sources[mutant.file], mutant.number, path)
        try:
            live.put(path, code, mutant.where, module_of(mutant.file))
        except Exception as error:
            return Outcome("end", type(error).__name__)
        return tried(looks.at(mutant, path))


def _red(item: pytest.Item, then: pytest.Item | None = None) -> str:
    """Run one test, and why it is red; `then` comes next and may use the same fixtures."""
    reports = runtestprotocol(item, log=False, nextitem=then)
    return "\n".join(report.longreprtext for report in reports if not report.passed)


def _is_green(item: pytest.Item) -> bool:
    return not _red(item)


__all__ = ["Trials"]
