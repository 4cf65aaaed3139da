"""YAML that people write, read strictly: scalars stay as written, every mistake is told with its file and line.

PyYAML gives the nodes with their lines, pydantic judges the values. Nothing is guessed: `012` stays the text "012"
and the model's field reads it.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from harness.core.errors import ScenarioError
from harness.core.pairs import Pair

Place = tuple[str | int, ...]
Marks = dict[Place, int]
Model = TypeVar("Model", bound=BaseModel)

MOST_NODES = 50_000  # aliases of aliases grow without bound
MOST_DEPTH = 40
MOST_CHARACTERS = 2_000_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)


class DocumentError(ScenarioError):
    """A file a person wrote cannot be used; `lines` are all its mistakes, each `file:line: message`."""

    def __init__(self, lines: Iterable[str], lines_zh: Iterable[str] = ()) -> None:
        self.lines = list(lines)
        self.lines_zh = list(lines_zh) or self.lines
        super().__init__("\n".join(self.lines), "\n".join(self.lines_zh))


def wrong(zh: str, en: str) -> PydanticCustomError:
    """What a model's validator raises: its sentence in both languages."""
    return PydanticCustomError("wrong", "{en}", {"zh": zh, "en": en})


def read_document(path: Path, model: type[Model]) -> Model:
    """Read a YAML file as a model, or raise DocumentError with all its mistakes."""
    return load_document(read_text(path), model, str(path))


def read_text(path: Path) -> str:
    """The text of a file that a person named."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _one(str(path), 1, "不是 UTF-8 文本", "this is not UTF-8 text") from None
    except OSError as error:
        raise DocumentError(
            [f"{path}: cannot be read ({error.strerror})"], [f"{path}：无法读取（{error.strerror}）"]
        ) from None


def load_document(text: str, model: type[Model], name: str) -> Model:
    """Read YAML text as a model; `name` is what its mistakes are told under."""
    data, marks = parse(text, name)
    return validate(data, model, marks, name)


def validate(data: object, model: type[Model], marks: Mapping[Place, int], name: str, at: Place = ()) -> Model:
    """Read data that stands at `at` in a parsed document as a model."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = sorted({_told(each, model, data, marks, at) for each in error.errors(include_url=False)})
        raise DocumentError(
            [f"{name}:{line}: {en}" for line, _, en in told], [f"{name}:{line}: {zh}" for line, zh, _ in told]
        ) from None


def parse(text: str, name: str) -> tuple[Any, Marks]:
    """YAML text as plain data (mappings, lists, texts as written, None) with the line of every place in it."""
    if len(text) > MOST_CHARACTERS:
        raise _one(name, 1, "文件过大", f"the file is too long, it may hold {MOST_CHARACTERS} characters")
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        line = mark.line + 1 if mark else 1
        raise _one(name, line, f"不是有效的 YAML：{problem}", f"this is not YAML: {problem}") from None
    except RecursionError:
        raise _one(name, 1, "嵌套过深", "this is nested too deeply") from None
    walk = _Walk(name)
    data = None if node is None else walk.read(node, ())
    if walk.mistakes:
        raise DocumentError(
            [f"{name}:{line}: {en}" for line, _, en in walk.mistakes],
            [f"{name}:{line}: {zh}" for line, zh, _ in walk.mistakes],
        )
    return data, walk.marks


def line_of(marks: Mapping[Place, int], place: Place) -> int:
    """The line of a place, or of the nearest one around it that is in the document."""
    while place not in marks and place:
        place = place[:-1]
    return marks.get(place, 1)


def _one(name: str, line: int, zh: str, en: str) -> DocumentError:
    return DocumentError([f"{name}:{line}: {en}"], [f"{name}:{line}: {zh}"])


class _Walk:
    """One pass over the nodes: plain data, marks, and what is wrong with the document itself."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.marks: Marks = {(): 1}
        self.mistakes: list[tuple[int, str, str]] = []
        self._count = 0

    def read(self, node: yaml.Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.marks.setdefault(place, line)
        self._count += 1
        if self._count > MOST_NODES or len(place) > MOST_DEPTH:
            raise _one(self.name, line, "内容过多或嵌套过深", "this holds too much, or is nested too deeply")
        if node.tag not in _PLAIN_TAGS:
            self.mistakes.append((line, f"不允许标签 {node.tag}", f"the tag {node.tag} is not allowed here"))
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
        plain = not getattr(node, "style", None)
        return None if plain and node.value in ("", "~", "null") else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.mistakes.append((line, "键必须是文本", "a key must be a text"))
                continue
            key = str(key_node.value)
            if key in found:
                zh = f"'{key}' 重复，第 {lines[key]} 行已有"
                self.mistakes.append((line, zh, f"'{key}' stands here twice, first in line {lines[key]}"))
                continue
            lines[key] = self.marks[(*place, key)] = line
            found[key] = self.read(value_node, (*place, key))
        return found


_WORDS: dict[str, Pair] = {
    "missing": ("{where}缺少 '{key}'", "{where} lacks '{key}'"),
    "int_parsing": ("{key} 应为整数，不是 {got}", "{key} takes a whole number, not {got}"),
    "int_type": ("{key} 应为整数，不是 {got}", "{key} takes a whole number, not {got}"),
    "int_from_float": ("{key} 应为整数，不是 {got}", "{key} takes a whole number, not {got}"),
    "float_parsing": ("{key} 应为数字，不是 {got}", "{key} takes a number, not {got}"),
    "float_type": ("{key} 应为数字，不是 {got}", "{key} takes a number, not {got}"),
    "finite_number": ("{key} 应为有限数字，不是 {got}", "{key} takes a finite number, not {got}"),
    "decimal_parsing": ("{key} 应为数字，不是 {got}", "{key} takes a number, not {got}"),
    "decimal_type": ("{key} 应为数字，不是 {got}", "{key} takes a number, not {got}"),
    "bool_parsing": ("{key} 应为 true 或 false，不是 {got}", "{key} takes true or false, not {got}"),
    "bool_type": ("{key} 应为 true 或 false，不是 {got}", "{key} takes true or false, not {got}"),
    "string_type": ("{key} 应为文本，不是 {got}", "{key} takes a text, not {got}"),
    "list_type": ("{key} 应为列表，不是 {got}", "{key} takes a list, not {got}"),
    "tuple_type": ("{key} 应为列表，不是 {got}", "{key} takes a list, not {got}"),
    "dict_type": ("{key} 应为键值表，不是 {got}", "{key} takes keys and values, not {got}"),
    "mapping_type": ("{key} 应为键值表，不是 {got}", "{key} takes keys and values, not {got}"),
    "model_type": ("{key} 应为键值表，不是 {got}", "{key} takes keys and values, not {got}"),
    "literal_error": ("{key} 应为 {expected}，不是 {got}", "{key} takes {expected}, not {got}"),
    "enum": ("{key} 应为 {expected}，不是 {got}", "{key} takes {expected}, not {got}"),
    "string_pattern_mismatch": ("{key} 格式应为 {pattern}，不是 {got}", "{key} must look like {pattern}, not {got}"),
    "string_too_short": (
        "{key} 至少 {min_length} 个字符，不是 {got}",
        "{key} takes {min_length} or more characters, not {got}",
    ),
    "string_too_long": (
        "{key} 最多 {max_length} 个字符，不是 {got}",
        "{key} takes at most {max_length} characters, not {got}",
    ),
    "too_short": ("{key} 至少 {min_length} 项", "{key} takes {min_length} or more entries"),
    "too_long": ("{key} 最多 {max_length} 项", "{key} takes at most {max_length} entries"),
    "greater_than": ("{key} 应大于 {gt}，不是 {got}", "{key} must be above {gt}, not {got}"),
    "greater_than_equal": ("{key} 应不小于 {ge}，不是 {got}", "{key} must be {ge} or more, not {got}"),
    "less_than": ("{key} 应小于 {lt}，不是 {got}", "{key} must be below {lt}, not {got}"),
    "less_than_equal": ("{key} 应不大于 {le}，不是 {got}", "{key} must be {le} or less, not {got}"),
    "wrong": ("{key}：{zh}", "{key}: {en}"),
}


def _told(
    error: ErrorDetails, model: type[BaseModel], data: object, marks: Mapping[Place, int], at: Place
) -> tuple[int, str, str]:
    """One mistake as line, zh, en."""
    kind = error["type"]
    inner = _in_document(error["loc"], data, tail=kind == "missing")
    place = (*at, *inner)
    line = line_of(marks, place)
    if kind == "extra_forbidden":
        takes = ", ".join(_keys_at(model, error["loc"][:-1]))
        zh_where, en_where = _where(place[:-1])
        key = place[-1] if place else "?"
        return line, f"{zh_where}没有 '{key}'，可用：{takes}", f"{en_where} has no '{key}'; it takes {takes}"
    zh_where, en_where = _where(place[:-1])
    if kind != "missing" and place not in marks and place[:-1] in marks:
        place = place[:-1]  # a shorthand: the author wrote no such key, but the value beside the one around it
    zh_key, en_key = (str(place[-1]),) * 2 if place else ("文件", "the file")
    facts = {"got": _shown(error["input"]), **error.get("ctx", {})}
    words = _WORDS.get(kind)
    if words is None:
        message = str(error["msg"])
        return line, f"{zh_key}：{message}", f"{en_key}: {message}"
    zh, en = words if error["input"] is not None else _empty(words)
    facts_zh = {**facts, "expected": _either(str(facts.get("expected", "")))}
    return line, zh.format(where=zh_where, key=zh_key, **facts_zh), en.format(where=en_where, key=en_key, **facts)


def _either(choices: str) -> str:
    """Choices as pydantic lists them, `'a', 'b' or 'c'`, in a Chinese sentence."""
    return choices.replace(", ", "、").replace(" or ", " 或 ")


def _empty(words: Pair) -> Pair:
    """What is told of a place where nothing stands."""
    return words[0].replace("不是 {got}", "这里是空的"), words[1].replace("not {got}", "but it is empty")


def _where(place: Place) -> Pair:
    """What holds a key, for people: the nearest named thing around it."""
    for part in reversed(place):
        if isinstance(part, str):
            return f"{part} ", part
    return "文件", "the file"


def _shown(value: object) -> str:
    """A wrong value in a few characters."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(map(str, value)) + "}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _in_document(loc: Iterable[str | int], data: object, tail: bool) -> Place:
    """The parts of pydantic's loc that are keys or indices of the document: union tags are not."""
    place: list[str | int] = []
    parts = list(loc)
    for index, part in enumerate(parts):
        try:
            data = data[part]  # type: ignore[index]
        except (TypeError, LookupError):
            if not (tail and index == len(parts) - 1):
                continue
        place.append(part)
    return tuple(place)


def _keys_at(model: type[BaseModel], loc: Iterable[str | int]) -> list[str]:
    """The keys that the model at a place takes."""
    kinds: list[Any] = [model]
    for part in loc:
        kinds = [inner for kind in kinds for inner in _inside(kind, part)] or kinds
    keys: dict[str, None] = {}
    for kind in kinds:
        for each in _models(kind):
            keys.update(dict.fromkeys(field.alias or name for name, field in each.model_fields.items()))
    return list(keys)


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """All models an annotation may mean."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif get_origin(kind) is Annotated:
        yield from _models(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for each in get_args(kind):
            yield from _models(each)


def _inside(kind: Any, part: str | int) -> Iterator[Any]:
    """What stands under a key or index of an annotation."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part in (name, field.alias):
                yield field.annotation
    elif get_origin(kind) in (Union, types.UnionType):
        for each in get_args(kind):
            yield from _inside(each, part)
    elif get_origin(kind) is Annotated:
        yield from _inside(get_args(kind)[0], part)
    elif get_args(kind):
        yield get_args(kind)[-1 if isinstance(part, str) else 0]
