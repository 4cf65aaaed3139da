"""Each prompt is answered once: a second answer, or one that comes too late, goes to nobody, not to the next case."""

from __future__ import annotations

from collections.abc import Callable

from harness.core.clock import ManualClock
from harness.core.operator import Answer, Prompt
from harness.core.pairs import in_both
from harness.engine.desk import Nobody, OperatorDesk


class Keeps:
    """An operator that remembers the way to answer."""

    def __init__(self) -> None:
        self.answer: Callable[[Answer], None] | None = None

    def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
        self.answer = answer

    def withdraw(self, prompt: Prompt) -> None:
        """What was shown goes away."""


def asked() -> tuple[OperatorDesk, Keeps, list[Answer], Answer]:
    clock, person, heard = ManualClock(), Keeps(), list[Answer]()
    desk = OperatorDesk(person, clock, heard.append)
    prompt = desk.ask("plug_in", 60, {"gun": "1"})
    clock.advance(1)
    return desk, person, heard, Answer(prompt_id=prompt, by="person")


def test_the_first_answer_counts_and_the_second_goes_to_nobody() -> None:
    _, person, heard, answer = asked()
    assert person.answer is not None
    person.answer(answer)
    person.answer(answer)
    assert heard == [answer]


def test_an_answer_to_a_prompt_that_was_closed_goes_to_nobody() -> None:
    desk, person, heard, answer = asked()
    assert person.answer is not None
    desk.withdraw(answer.prompt_id)
    person.answer(answer)
    assert heard == []


def test_where_there_is_no_operator_both_languages_say_so() -> None:
    heard = list[Answer]()
    Nobody().ask(Prompt(id=1, act="plug_in", due=60), heard.append)
    (answer,) = heard
    assert answer.by == "nobody"
    assert in_both(answer.unable) == ("没有操作者", "there is no operator")


def test_more_time_before_the_prompt_is_shown_moves_what_is_shown() -> None:
    clock, shown = ManualClock(), list[Prompt]()

    class Notes(Keeps):
        def ask(self, prompt: Prompt, answer: Callable[[Answer], None]) -> None:
            shown.append(prompt)

    desk = OperatorDesk(Notes(), clock, lambda answer: None)
    prompt = desk.ask("plug_in", 60, {"gun": "1"})
    desk.prolong(prompt, 600)
    desk.prolong(prompt + 1, 600)
    clock.advance(1)
    assert [each.due for each in shown] == [660]
