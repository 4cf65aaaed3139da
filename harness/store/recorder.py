"""From journals to rows: a bounded queue, and one thread that empties it in batches, a transaction each.

What a killed process can lose is what came in during its last batch interval, and the batch just being written: a
frame answered longer ago than LOSS_BOUND is on disk. Nothing is ever dropped: when the database cannot follow,
`on_full(True)` asks that sockets be read more slowly, and at HARD_LIMIT whoever adds a record waits.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from harness.core.errors import HarnessFault, PersonError
from harness.core.journal import Record
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.store.writer import Item, Task, Writer

LOG = logging.getLogger("harness.store")
BATCH_INTERVAL = 0.1  # seconds
LOSS_BOUND = 0.2  # seconds: one interval, and the writing of one batch
BATCH_ROWS = 5000
MOST_ROWS = 20000  # in one transaction, when there are that many
HIGH_WATER = 20000
LOW_WATER = 5000
HARD_LIMIT = 60000

OnFull = Callable[[bool], None]
OnError = Callable[[Exception], None]


def _nobody(_: object) -> None:
    """Nobody wants to know."""


class Recorder:
    """A sink for journals; give it to each Journal whose records are to be kept.

    `on_full(True)` is called by the thread that adds a record, `on_full(False)` and `on_error` by the recorder's own.
    What could not be written is kept and tried again; `flush` and `close` raise when it still does not go.
    """

    def __init__(self, engine: Engine, process: str, on_full: OnFull = _nobody, on_error: OnError = _nobody) -> None:
        self._engine = engine
        self._writer = Writer(engine, process)
        self._on_full = on_full
        self._on_error = on_error
        self._queue: deque[Item] = deque()
        self._calls: deque[Callable[[], None]] = deque()  # to be made now
        self._changed = threading.Condition()
        self._wake = threading.Event()
        self._full = False
        self._busy = False
        self._closing = False
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def __call__(self, key: str, record: Record) -> None:
        """Keep a record of a journal."""
        queue = self._queue
        queue.append((key, record))
        length = len(queue)
        if length == BATCH_ROWS or length >= HIGH_WATER:
            self._crowded(length)

    def keep_case(self, run_id: str, position: int, case: CaseOutcome) -> None:
        """Keep how a case came out, as soon as it has; a later word on the same position replaces it."""
        self._add(lambda writer: writer.case(run_id, position, case))

    def end_run(self, outcome: RunOutcome) -> None:
        """Keep how the whole run came out; with this it is finished."""
        self._add(lambda writer: writer.run(outcome))

    def keep(self, write: Callable[[Connection], None]) -> None:
        """Write something in the transaction of what was given before it; it is tried again with that."""
        self._add(lambda writer: writer.own(write))

    def after(self, call: Callable[[], None]) -> None:
        """Call on the recorder's thread, once all that was given so far is on disk; such calls keep their order.

        A call that the database had no time for is made again. One that raises anything else is not: a PersonError
        goes into the log, the rest is told to `on_error`. It must not wait for the recorder itself.
        """
        self._add(lambda writer: writer.afterwards.append(call))

    def settle(self, within: float) -> bool:
        """Wait until what was given so far is on disk, however much comes meanwhile; False when it takes too long."""
        done = threading.Event()
        self.after(done.set)
        self._wake.set()
        return done.wait(within)

    def flush(self) -> None:
        """Wait until all that was given so far is on disk."""
        with self._changed:
            self._failure = None
            self._wake.set()
            self._changed.wait_for(lambda: self._failure or not (self._queue or self._calls or self._busy))
        self._complain()

    def close(self) -> None:
        """Write what is left and end the thread."""
        self._closing = True
        self._wake.set()
        self._thread.join()
        self._complain()

    def _add(self, task: Task) -> None:
        self._queue.append(("", task))

    def _complain(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _crowded(self, length: int) -> None:
        self._wake.set()
        if length < HIGH_WATER:
            return
        with self._changed:
            if not self._full:
                self._full = True
                self._on_full(True)
            if length >= HARD_LIMIT:
                self._changed.wait_for(lambda: self._failure or len(self._queue) < HARD_LIMIT)

    def _work(self) -> None:
        while not self._closing:
            self._wake.wait(BATCH_INTERVAL)
            self._wake.clear()
            self._empty()
        self._empty()

    def _empty(self) -> None:
        """Write batch after batch until less than one is left over, all when closing; stop at a failure."""
        while self._queue or self._calls:
            self._busy = True
            taken = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_ROWS))]
            refused = self._try(taken)
            failure = refused or self._make_calls()
            with self._changed:
                if refused is not None:
                    self._queue.extendleft(reversed(taken))
                self._busy = False
                self._failure = failure
                self._relax()
                self._changed.notify_all()
            if failure is not None or (len(self._queue) < BATCH_ROWS and not self._closing):
                return

    def _try(self, taken: list[Item]) -> Exception | None:
        try:
            self._writer.write(taken)
        except Exception as error:
            failure = _explained(error, self._engine)
            self._on_error(failure)
            return failure
        self._calls += self._writer.afterwards
        return None

    def _make_calls(self) -> Exception | None:
        """Make them in turn; one that the database had no time for stays, and those behind it wait."""
        while self._calls:
            try:
                self._calls[0]()
            except OperationalError as error:
                return self._put_off(_explained(error, self._engine))
            except PersonError as error:
                LOG.warning("%s", error)
            except Exception as error:
                self._on_error(_explained(error, self._engine))
            self._calls.popleft()
        return None

    def _put_off(self, failure: Exception) -> Exception:
        """A database that was busy for once is nothing to tell; the second time in a row it is."""
        if self._failure is not None:
            self._on_error(failure)
        return failure

    def _relax(self) -> None:
        if self._full and len(self._queue) <= LOW_WATER:
            self._full = False
            self._on_full(False)


def _explained(error: Exception, engine: Engine) -> Exception:
    if isinstance(error, PersonError):
        return error
    if isinstance(error, DBAPIError):
        why = str(error.orig).strip().splitlines()[0]
        shown = engine.url.render_as_string(hide_password=True)
        return PersonError(f"the database {shown} cannot be written: {why}", f"数据库 {shown} 写不进去：{why}")
    fault = HarnessFault(f"the recorder failed: {error!r}")
    fault.__cause__ = error
    return fault
