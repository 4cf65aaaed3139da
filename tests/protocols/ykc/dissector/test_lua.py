"""Values as Lua source, and a source that says all that the declarations say."""

import pytest

from harness.core.parts import Repeat
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.dissector import dissector
from harness.protocols.ykc.dissector.declared import frames
from harness.protocols.ykc.dissector.lua import literal
from harness.protocols.ykc.dissector.words import EXPERT, ODD, WORDS


@pytest.mark.parametrize(
    ("value", "source"),
    [
        (True, "true"),
        (-400, "-400"),
        ('say "枪" \\ \n', '"say \\"枪\\" \\\\ \\n"'),
        ([], "{}"),
        (["a", 1], '{ "a", 1 }'),
        ({"name": "x", 3: "y", "two words": {}}, '{ name = "x", [3] = "y", ["two words"] = {} }'),
    ],
)
def test_a_value_is_written_as_lua_reads_it(value: object, source: str) -> None:
    assert literal(value) == source


def test_what_is_too_long_for_a_line_gets_a_line_for_each_part() -> None:
    assert (
        literal({"a": ["x" * 60, "y" * 60]}) == '{\n  a = {\n    "' + "x" * 60 + '",\n    "' + "y" * 60 + '",\n  },\n}'
    )


def test_what_lua_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError, match=r"1\.5"):
        literal(1.5)


def test_every_frame_and_field_of_the_catalogue_is_declared() -> None:
    declared = frames(0)
    assert set(declared) == {frame.code for frame in CATALOGUE}
    for frame in CATALOGUE:
        names = [each["name"] for each in declared[frame.code]["fields"]]
        assert names == [field.name for field in frame.fields]
        assert [each["kind"] == "items" for each in declared[frame.code]["fields"]] == [
            isinstance(field, Repeat) for field in frame.fields
        ]


def test_names_for_filters_are_plain_and_no_two_fields_share_one() -> None:
    names = [f"{frame.name}.{field.name}" for frame in CATALOGUE for field in frame.fields]
    assert len(names) == len(set(names))
    own = {"start", "length", "frame_serial", "encryption_flag", "frame_type", "body", "surplus", "crc", "rubbish"}
    own |= {"sender", "summary", "pile_code", "gun_no", "transaction_serial", "expert"}
    assert own.isdisjoint(frame.name for frame in CATALOGUE)
    assert all(name.replace(".", "_").isidentifier() and name == name.lower() for name in names)


@pytest.mark.parametrize("table", [WORDS, EXPERT, ODD])
def test_every_sentence_takes_the_same_values_in_both_languages(table: dict[str, tuple[str, str]]) -> None:
    one_sided = {"unlisted"}  # our English of an unlisted code leaves the code to the number before it
    for name, (zh, en) in table.items():
        assert zh.strip("、（: ") or name in ("cut", "comma", "colon")
        assert zh.count("%") == en.count("%") or name in one_sided


def test_no_line_is_beyond_what_people_read_and_the_source_is_the_same_each_time() -> None:
    source = dissector(5456)
    assert source == dissector(5456)
    assert max(len(line) for line in source.splitlines()) <= 130
