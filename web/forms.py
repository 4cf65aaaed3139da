"""Forms read strictly: each mistake beside its field, in both languages, with what was typed still there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from harness.core.pairs import Pair
from web.words import say

Form = TypeVar("Form", bound=BaseModel)
Mistakes = Mapping[str, Pair]

# What pydantic says in English alone, in our words; a validator of ours brings its own (`wrong(zh, en)`).
SAID = {
    "missing": "forms.missing",
    "string_too_short": "forms.missing",
    "string_too_long": "forms.too_long",
    "too_short": "forms.missing",
    "too_long": "forms.too_long",
    "int_parsing": "forms.number",
    "int_from_float": "forms.number",
    "decimal_parsing": "forms.number",
    "greater_than_equal": "forms.range",
    "less_than_equal": "forms.range",
    "literal_error": "forms.choose",
    "bool_parsing": "forms.choose",
}


def read_form(model: type[Form], typed: MultiDict[str, str]) -> tuple[Form | None, Mistakes]:
    """What was typed as a value, or the first mistake of each field."""
    values: dict[str, Any] = {name: text.strip() for name, text in typed.items() if name in model.model_fields}
    try:
        return model.model_validate(values), {}
    except ValidationError as error:
        mistakes: dict[str, Pair] = {}
        for each in error.errors(include_url=False):
            mistakes.setdefault(str(each["loc"][0]) if each["loc"] else "", _told(model, each))
        return None, mistakes


def _told(model: type[BaseModel], each: Any) -> Pair:
    context = each.get("ctx", {})
    if each["type"] == "wrong":
        return context["zh"], context["en"]
    limits: dict[str, Any] = {"least": "", "most": ""}
    if each["type"] in ("greater_than_equal", "less_than_equal"):
        limits = _limits(model, str(each["loc"][0]))
    return say(
        SAID.get(each["type"], "forms.wrong"), most=context.get("max_length") or limits["most"], least=limits["least"]
    )


def _limits(model: type[BaseModel], field: str) -> dict[str, Any]:
    found: dict[str, Any] = {"least": "", "most": ""}
    for limit in model.model_fields[field].metadata:
        found["least"] = getattr(limit, "ge", None) if hasattr(limit, "ge") else found["least"]
        found["most"] = getattr(limit, "le", None) if hasattr(limit, "le") else found["most"]
    return found
