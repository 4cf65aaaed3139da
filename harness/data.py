"""Where the cases and fixtures lie that a running product reads."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_root() -> Path:
    """The folder that holds `scenarios/` and `fixtures/`: the checkout if we run in one, else the copy in the wheel."""
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "scenarios").is_dir():
        return checkout
    return _PACKAGE / "_data"
