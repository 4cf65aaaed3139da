"""`make screenshots`: pictures of every page into docs/images/, as the READMEs and docs/ show them.

Phones are 390 wide, reviewers' desks 1280. Pages whose English is shown somewhere have an English picture too.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.browser.browsing import PHONE, WIDE, Person, a_browser, what_is_missing
from tests.browser.process import Desk
from tests.browser.scenes import ADMIN, REGISTRANT, REVIEWER, VISITOR, Scene, all_scenes, people

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
IN_ENGLISH = {
    "start",
    "register",
    "model-form",
    "info",
    "run",
    "prompt",
    "prompt-scan",
    "result",
    "result-rejected",
    "frame",
    "review-registration",
    "review",
    "demo-pile",
}
WHOLE = {"register", "model-form", "demo-pile"}  # longer than a phone, and shown in full
COLOURS = 128  # pages have few, and a third of the bytes will do
SIZES = {VISITOR: PHONE, REGISTRANT: PHONE, REVIEWER: WIDE, ADMIN: WIDE}


def main() -> int:
    """Draw them all anew; 1 when there is no browser."""
    missing = what_is_missing()
    if missing:
        print(missing, file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, a_browser(Path(folder) / "camera.y4m") as browser, a_desk(folder) as desk:
        zh, en = (people(browser, desk, lang, SIZES) for lang in ("zh", "en"))
        for scene in all_scenes(desk):
            draw(zh[scene.who], scene, IMAGES / f"{scene.name}.png")
            if scene.name in IN_ENGLISH:
                draw(en[scene.who], scene, IMAGES / f"{scene.name}.en.png")
    return 0


@contextmanager
def a_desk(folder: str) -> Iterator[Desk]:
    """A desk that ends with the pictures."""
    desk = Desk(Path(folder))
    yield desk
    desk.close()


def draw(person: Person, scene: Scene, path: Path) -> None:
    """One picture."""
    page = person.page
    page.goto(scene.path)
    scene.act(page)
    size = page.viewport_size
    if scene.name in WHOLE and size is not None:  # a taller phone: what is fixed to its bottom stays there
        page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight")})
    still = "allow" if scene.name == "prompt-closed" else "disabled"  # the proof goes by itself, and would be gone
    picture = page.screenshot(animations=still, caret="hide", scale="css")
    if size is not None:
        page.set_viewport_size(size)
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(path.name)


if __name__ == "__main__":
    sys.exit(main())
