"""What goes wrong with QR codes."""

from __future__ import annotations

from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import never

KEPT = 64


def qr_wrong(pile: Pile) -> None:
    pile.habits.shows_qr = lambda text: text[:-1] + ("0" if text.endswith("1") else "1")


def qr_not_shown(pile: Pile) -> None:
    pile.habits.shows_qr = lambda text: ""


def qr_cut(pile: Pile) -> None:
    pile.habits.keeps_qr = lambda text: text[:KEPT]


def qr_stale(pile: Pile) -> None:
    """The screen is drawn when the pile boots, and not again."""
    drawn: dict[str, str] = {}
    pile.habits.shows_qr = lambda text: drawn.setdefault(text[-2:], f"https://maker.example/{pile.profile.pile_code}")


def qr_padded(pile: Pile) -> None:
    pile.habits.keeps_qr = lambda text: text.ljust(150, "0")


def no_qr_reply(pile: Pile) -> None:
    never(pile, "qr_set_reply", "qr_prefix_set_reply")


FAULTS = (
    KnownFault(
        name="qr_wrong",
        apply=qr_wrong,
        zh="屏幕上显示另一把枪的二维码",
        en="the screen shows the code of another gun",
        case="qr_set",
        found_by="qr_wrong",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="qr_not_shown",
        apply=qr_not_shown,
        zh="应答设置成功，屏幕上不显示二维码",
        en="confirms the code and shows none",
        case="qr_set",
        found_by="qr_not_shown",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="qr_cut",
        apply=qr_cut,
        zh="二维码内容只保留前 64 个字符",
        en="keeps the first 64 characters of the code only",
        case="qr_set",
        found_by="qr_wrong",
        dialect="serial_zero",
    ),
    KnownFault(
        name="qr_stale",
        apply=qr_stale,
        zh="应答设置成功，屏幕仍显示旧的二维码",
        en="confirms the new code and goes on showing the old one",
        case="qr_set",
        found_by="qr_wrong",
        dialect="frames_joined",
    ),
    KnownFault(
        name="qr_padded",
        apply=qr_padded,
        zh="二维码内容后面补满了字符 0",
        en="the code is filled up with the character 0",
        case="qr_set",
        found_by="qr_wrong",
        changes="field",
        dialect="serial_own",
    ),
    KnownFault(
        name="no_qr_reply",
        apply=no_qr_reply,
        zh="显示二维码，但不应答设置",
        en="shows the code, but does not answer the setting",
        case="qr_set",
        found_by="qr_no_reply",
        dialect="frames_split",
    ),
)
