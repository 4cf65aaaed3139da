"""Pile profiles and the cards file: a wrong field is an error with line and reason."""

from decimal import Decimal
from pathlib import Path

import pytest

from harness.core.documents import DocumentError
from harness.core.errors import PersonError
from harness.core.pile import Items
from harness.data import data_root
from harness.profiles import load_cards, load_profile, load_profiles

PILES = data_root() / "fixtures" / "piles"
GOOD = 'pile_code: "00000000123456"\nmodel: X\nkind: dc\npower_kw: 60\nguns: 1\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pile.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_demo_pile_declares_every_item() -> None:
    demo = load_profile(PILES / "demo.yaml")
    assert (demo.pile_code, demo.kind, demo.power_kw, demo.guns) == ("32010600019236", "dc", 120, 2)
    assert demo.items == Items(card="32095DF0", vin="LNA001PD800186429", reboot=True, upgrade=True, qr=True)


def test_a_pile_code_keeps_its_leading_zeros_even_unquoted(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, GOOD.replace('"', "")))
    assert profile.pile_code == "00000000123456"
    assert (profile.protocol_version, profile.qr_dialect, profile.items) == ("1.6", "5A", Items())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("00000000123456", "1234"), "1: pile_code: a pile code has 14 digits, '1234' is none"),
        (("kind: dc", "kind: gas"), "3: kind takes 'dc' or 'ac', not 'gas'"),
        (("guns: 1", "guns: 0"), "5: guns must be 1 or more, not '0'"),
        (("guns: 1", "guns: two"), "5: guns takes a whole number, not 'two'"),
        (("guns: 1", "gun: 1"), "5: the file has no 'gun'; it takes pile_code, model, kind"),
        (("guns: 1", "guns: 1\nprotocol_version: v16"), "6: protocol_version must look like"),
        (("guns: 1", "guns: 1\nprogram_version: V1.0.0-beta"), "6: program_version: a version has at most 8"),
        (("guns: 1", "guns: 1\nitems:\n  card: hello"), "7: card: a card number has at most 16 hex digits"),
        (("guns: 1", "guns: 1\nitems:\n  vin: LNA001"), "7: vin: a VIN has 17 letters and digits"),
        (("guns: 1", "guns: 1\nitems:\n  scan: false"), "7: scan: scan is always declared"),
        (("guns: 1", "guns: 1\nitems:\n  reboot: maybe"), "7: reboot takes true or false, not 'maybe'"),
        (("guns: 1", "guns: 1\nqr_dialect: 5B"), "6: qr_dialect takes '5A', 'F0' or 'none', not '5B'"),
    ],
)
def test_a_wrong_field_is_told_with_its_line_and_reason(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    path = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(DocumentError) as caught:
        load_profile(path)
    assert any(line.startswith(f"{path}:{told}") for line in caught.value.lines)


def test_every_profile_of_the_fixtures_is_sound() -> None:
    profiles = load_profiles(PILES)
    assert {profile.kind for profile in profiles} == {"dc", "ac"}
    assert {profile.guns for profile in profiles} >= {1, 2, 4}


def test_a_folder_that_is_not_there_is_one_sentence_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match=r"nowhere: there is no such folder of pile profiles.* setting piles"):
        load_profiles(tmp_path / "nowhere")


def test_a_pile_code_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)
    with pytest.raises(DocumentError, match=r"b\.yaml:1: pile code 00000000123456 already stands in .*a\.yaml"):
        load_profiles(tmp_path)


def test_the_cards_file_names_cards_and_cars() -> None:
    registered = load_cards(data_root() / "fixtures" / "cards.yaml")
    assert [(card.physical, card.logical, card.balance) for card in registered.cards] == [
        ("32095DF0", "0000001000000573", Decimal("100.00"))
    ]
    assert registered.vins == ("LNA001PD800186429",)
