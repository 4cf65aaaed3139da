"""What a person sees while cases are played: on a terminal a picture that changes, elsewhere plain lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from harness.console.known import print_entries, print_known, print_why
from harness.console.look import MARKS, clock_of, console_on, in_lines, verdict_text
from harness.console.rules import print_rules
from harness.console.tables import coded, grounds, grouped, took, verdict_table
from harness.console.words import both, link_words, word
from harness.core import wording
from harness.core.amounts import Reading
from harness.core.clock import Clock
from harness.core.journal import (
    PILE,
    Answered,
    AttemptBegan,
    EventSeen,
    FrameSeen,
    LinkChanged,
    Prompted,
    Record,
    StepBegan,
)
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pairs import Pair, halves, in_both
from harness.core.pile import PileProfile
from harness.core.play_words import STEPS
from harness.core.verdict import Verdict
from harness.report.outcome import gravest_first, in_a_sentence

PICTURES_A_SECOND = 4
ASK = "ask"
QUIET = ("connected",)  # what a connection does that needs no line

Deadline = Callable[[], float | None]


class Progress:
    """Follows a run: a sink for its journals, told when cases begin and end; shows nothing that it was not told.

    `titles` are those of the cases by id, in their order. `deadline` in `case_begins` says when the present step's time
    is over, on the clock's scale. `reading` finds in the bytes of a frame what it reports of a gun, if anything.
    """

    def __init__(
        self,
        profile: PileProfile,
        titles: Mapping[str, str],
        clock: Clock,
        out: TextIO,
        reading: Callable[[bytes], Reading | None] = lambda raw: None,
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._console: Console = console_on(out)
        self._titles: dict[str, str] = dict(titles)
        self._over: dict[str, CaseOutcome] = {}
        self._case = ""
        self._steps: Sequence[Pair] = ()
        self._deadline: Deadline = lambda: None
        self._now: Pair = ("", "")
        self._prompt: tuple[str, float] | None = None
        self._reading = reading
        self._charge = ""
        self._frames = 0
        self._live: Live | None = None
        self._begun = False

    # a sink for journals

    def __call__(self, key: str, record: Record) -> None:
        """A record of the run."""
        if isinstance(record, FrameSeen):
            self._frames += 1
            if record.sender == PILE and self._live is not None:
                self._note(record.raw)
        elif isinstance(record, EventSeen):
            self._heard(record)

    def _note(self, raw: bytes) -> None:
        """Keep what a report says of a charge, to be shown while it runs."""
        reading = self._reading(raw)
        if reading is not None:
            self._charge = charge_line(reading) if reading.status == "charging" else ""

    def _heard(self, record: EventSeen) -> None:
        event = record.event
        if isinstance(event, StepBegan):
            self._now = self._steps[event.index] if event.index < len(self._steps) else _by_kind(event.key)
            if event.key != ASK:  # the prompt that follows says more
                self._line(self._now, "  ")
        elif isinstance(event, Prompted):
            self._prompt = (both(wording.act(event.act, event.params)), self._clock.monotonic() + event.within)
            self._line(f"  {both(word('your_turn'))}: {self._prompt[0]} ({clock_of(event.within)})")
        elif isinstance(event, Answered):
            self._prompt = None
            self._now = word("answered")
            if event.unable:
                zh, en = in_both(event.unable)
                self._line((word("unable", why=zh)[0], word("unable", why=en)[1]), "  ")
        elif isinstance(event, AttemptBegan):
            self._line(wording.say("restarted", {"reason": halves(event.why)}), "  ")

    # what app tells

    def waiting_for(self, host: str, port: int, pile_code: str, wait: float) -> None:
        """A real pile is to connect."""
        self._line(word("connect_here", host=host, port=port, code=pile_code, wait=f"{wait:g}"))
        due = self._clock.monotonic() + wait
        self._now, self._deadline = word("for_login"), lambda: due
        self.go_on()

    def nobody_came(self, pile_code: str, wait: float, sightings: Iterable[LinkChanged]) -> None:
        """No login in time: one sentence on what was seen."""
        self._stop()
        zh, en = word("nobody_came", code=pile_code, wait=f"{wait:g}")
        seen_zh, seen_en = sighted(list(sightings))
        self._line((zh + seen_zh, ""))
        self._line((en + seen_en, ""))

    def link(self, pile_code: str, event: LinkChanged) -> None:
        """A connection did something."""
        if event.what not in QUIET:
            said = link_words(event.what, event.peer, event.detail)
            self._line(said, f"* {pile_code} " if pile_code else "* ", always=True)

    def case_begins(
        self, case_id: str, zh: str, en: str, steps: Sequence[Pair] = (), deadline: Deadline = lambda: None
    ) -> None:
        """A case begins; `steps` are the sentences of its steps."""
        self._titles[case_id] = zh
        self._case, self._steps, self._deadline, self._now = case_id, steps, deadline, ("", "")
        self.go_on()
        self._line(f"{zh} / {en} {both(word('case_begins'))}")

    def case_over(self, case: CaseOutcome) -> None:
        """A case ended."""
        self._over[case.id] = case
        self._titles[case.id] = case.title_zh
        self._prompt, self._case, self._now = None, "", ("", "")
        if self._live is None:
            self._console.print(self._ended(case))
            for each in gravest_first(case.noted()):
                self._line(each.text, "    ")

    def verdicts(self, outcome: RunOutcome, listed_until: str = "") -> None:
        """The table of verdicts, with what to do about what is no pass; last what the list of known failures lacks.

        `listed_until` is the day that such an entry gets, "" where nobody asked for a list.
        """
        self._stop()
        self._console.print()
        self._console.print(verdict_table(outcome))
        self._console.print()
        for case in outcome.cases:
            self._explain(case)
        print_rules(outcome, self._console)
        self._console.print(verdict_text(outcome.verdict))
        print_known(outcome, self._console)
        print_why(outcome, self._console)
        if listed_until:
            print_entries(outcome, listed_until, self._console)

    def _explain(self, case: CaseOutcome) -> None:
        """What a case found, on what grounds, and what to do; nothing for one that passed or was not declared."""
        noted = [] if case.verdict is Verdict.NOT_APPLICABLE else gravest_first(case.noted())
        if noted:
            self._console.print(self._ended(case))
        for same in grouped(noted):
            self._console.print(coded(same[0], self._console), soft_wrap=not self._console.is_terminal)
            for ground in filter(None, (grounds(each.finding) for each in same)):
                self._line(f"      {ground}")
            self._line(same[0].remedy, "      → ")
        if noted:
            self._console.print()

    def written(self, paths: Iterable[Path]) -> None:
        """Files were written; the first is the report."""
        for path in list(paths)[:1]:
            self._line(f"{both(word('report'))}: {path}")

    def hold(self) -> None:
        """Let the screen be, a person types; which case it is for is said."""
        self._stop()
        if self._case and self._console.is_terminal:
            ids = list(self._titles)
            title, n = self._titles[self._case], ids.index(self._case) + 1
            zh, en = (word("which_case", n=n, of=len(ids), case=name) for name in (title, self._case))
            self._line((zh[0], en[1]))

    def go_on(self) -> None:
        """Take the screen again."""
        if self._live is None and self._console.is_terminal:
            self._live = Live(
                get_renderable=self.picture,
                console=self._console,
                refresh_per_second=PICTURES_A_SECOND,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def close(self) -> None:
        """Give the screen back."""
        self._stop()

    # what it looks like

    def picture(self) -> RenderableType:
        """The cases, what happens now, and how long it may take; drawn several times a second."""
        rows = Table.grid(padding=(0, 2))
        for case_id in list(self._titles):
            rows.add_row(*self._row(case_id))
        now = Text.assemble((self._now[0], "bold"), f"  {self._now[1]}")
        parts: list[RenderableType] = [Text(f"{self._profile.model} {self._profile.pile_code}", style="dim"), rows]
        prompt = self._prompt
        if prompt is not None:
            left = clock_of(prompt[1] - self._clock.monotonic())
            title = both(word("your_turn"))
            parts.append(
                Panel(Text(f"{prompt[0]}\n{both(word('left'))} {left}", style="bold"), title=title, style="yellow")
            )
        elif self._now[0]:
            parts.append(Text.assemble(now, "  ", (self._countdown(), "bold cyan")))
            if self._charge:
                parts.append(Text(self._charge))
        parts.append(Text(both(word("frames", n=self._frames)), style="dim"))
        return Group(*parts)

    def _row(self, case_id: str) -> tuple[Text, Text, Text]:
        over = self._over.get(case_id)
        if over is not None:
            name = self._name(case_id, "")
            return name, verdict_text(over.verdict), Text(f"{took(over)}  {in_a_sentence(over)[0]}")
        if case_id == self._case:
            return self._name(case_id, "bold"), Text(f"▶ {both(word('running'))}", style="cyan"), Text()
        return self._name(case_id, "dim"), Text(f"○ {both(word('waiting'))}", style="dim"), Text()

    def _name(self, case_id: str, style: str) -> Text:
        return Text.assemble((self._titles[case_id], style), (f" {case_id}", "dim"))

    def _countdown(self) -> str:
        due = self._deadline()
        return "" if due is None else clock_of(due - self._clock.monotonic())

    def _ended(self, case: CaseOutcome) -> Text:
        mark, style = MARKS[case.verdict]
        zh, en = wording.verdict_word(case.verdict)
        return Text.assemble((f"{mark} ", style), f"{case.title_zh} / {case.title_en}: ", (f"{zh} {en}", style))

    def _line(self, text: str | Pair, before: str = "", always: bool = False) -> None:
        """A line of text, or a pair of them; while the picture changes only what it does not show."""
        if self._live is None or always:
            shown = text if isinstance(text, str) else in_lines(text, self._console, before)
            self._console.print(Text(shown), soft_wrap=isinstance(text, str) or not self._console.is_terminal)

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def charge_line(reading: Reading) -> str:
    """A charge in numbers; a pile that knows no state of charge sends zero."""
    soc = f"   SOC {reading.soc} %" if reading.soc else ""
    numbers = f"{reading.power:.1f} kW   {reading.voltage} V   {reading.current} A   {reading.energy} kWh"
    return numbers + soc


def _by_kind(key: str) -> Pair:
    """What a step of a kind does, where its own sentence was not told."""
    zh, en = STEPS.get(key, (key, key))
    return re.sub(r" ?\{\w+\}", "…", zh), re.sub(r" ?\{\w+\}", "…", en)


def sighted(sightings: Sequence[LinkChanged]) -> Pair:
    """What was seen of strangers, in one sentence: what tells most comes first."""
    for what in ("refused", "no_login", "unreadable"):
        found = [event for event in sightings if event.what == what]
        if found:
            return word(what, peer=found[-1].peer, detail=found[-1].detail)
    if sightings:
        return word("only_connected", peer=sightings[-1].peer)
    return word("no_connection")
