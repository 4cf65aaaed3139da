"""What a model's run asks of a person at this moment."""

from __future__ import annotations

from harness.store.desk.values import Model
from web.access import services
from web.services import PromptNow


def open_prompt(model: Model) -> PromptNow | None:
    """The prompt that waits for an answer."""
    run = services().house.run(model.id)
    return run.prompt if run is not None else None


def waits(model: Model, prompt_id: int) -> bool:
    """Is this the one? What is sent for another need not be kept."""
    prompt = open_prompt(model)
    return prompt is not None and prompt.id == prompt_id
