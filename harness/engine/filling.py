"""`$names` in the values of a scenario, replaced by what the run knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.core.errors import PersonError


def filled(values: Mapping[str, Any], known: Mapping[str, str], scenario: str) -> dict[str, Any]:
    """Values with their names replaced; a name that has no value yet is the author's mistake."""
    return {key: _fill(value, known, scenario) for key, value in values.items()}


def _fill(value: Any, known: Mapping[str, str], scenario: str) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        if not known.get(value[1:]):
            raise PersonError(f"{scenario}: {value} has no value here", f"{scenario}：{value} 没有值")
        return known[value[1:]]
    if isinstance(value, Mapping):
        return filled(value, known, scenario)
    return [_fill(item, known, scenario) for item in value] if isinstance(value, list) else value
