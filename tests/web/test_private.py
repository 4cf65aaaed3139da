"""What nobody else may read."""

from pathlib import Path

import pytest

from harness.core.errors import PersonError
from web.site.private import SECRET, SECRET_BYTES, keep, session_secret


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    secret = session_secret(folder)
    assert len(secret) == SECRET_BYTES
    assert session_secret(folder) == secret
    assert (folder / SECRET).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert session_secret(tmp_path / "elsewhere") != secret


def test_a_secret_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    session_secret(tmp_path)
    (tmp_path / SECRET).chmod(0o644)
    session_secret(tmp_path)
    assert (tmp_path / SECRET).stat().st_mode & 0o777 == 0o600


def test_a_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / SECRET).write_bytes(b"short")
    with pytest.raises(PersonError, match="too short") as told:
        session_secret(tmp_path)
    assert "太短" in told.value.text_zh


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PersonError, match="setting private"):
        session_secret(tmp_path / "file" / "private")


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "key.new").write_text("from a start that was cut off")
    for content in (b"one", b"two"):
        keep(tmp_path / "key", content)
        assert (tmp_path / "key").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
