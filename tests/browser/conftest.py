"""A desk in its own process with a clock that the test moves, and a browser with a camera that the test fills."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import PHONE, Person, a_browser, what_is_missing
from tests.browser.process import Desk

Meet = Callable[..., Person]


HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share a desk and a browser, so one worker has them all."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the desk keeps its things, and the film of the camera lies."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def film(folder: Path) -> Path:
    """What the camera of every phone shows, once a test has written it."""
    return folder / "camera.y4m"


# One browser for each file: the library keeps an event loop running while it is open, which others do not bear.
@pytest.fixture(scope="module")
def browser(film: Path) -> Iterator[Browser]:
    """Chromium, with the camera showing the film."""
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    with a_browser(film) as found:
        yield found


@pytest.fixture(scope="module")
def desk(folder: Path, browser: Browser) -> Iterator[Desk]:
    """A running desk."""
    found = Desk(folder)
    yield found
    found.close()


@pytest.fixture
def meet(browser: Browser, desk: Desk) -> Iterator[Meet]:
    """People with browsers of their own; their pages must have been quiet."""
    met: list[Person] = []

    def come(size: tuple[int, int] = PHONE, lang: str = "zh") -> Person:
        met.append(Person(browser, desk.url, size, lang))
        return met[-1]

    yield come
    for person in met:
        person.close()
    assert [noise for person in met for noise in person.noise] == []
