"""What goes wrong with a remote reboot."""

from __future__ import annotations

import msgspec

from harness.core.message import Message
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.ways import deaf, never

DEFAULT_CODE = "99999999999999"


def no_0x91(pile: Pile) -> None:
    never(pile, "remote_reboot_reply")


def reboot_ignored(pile: Pile) -> None:
    def answer(message: Message, now: float) -> bool:
        pile.say("remote_reboot_reply", {"set_result": 1}, message.serial)
        return False

    pile.habits.listen("remote_reboot", answer)


def reboot_unknown(pile: Pile) -> None:
    deaf(pile, "remote_reboot")


def never_back(pile: Pile) -> None:
    pile.habits.boot_delay = None


def back_late(pile: Pile) -> None:
    pile.habits.boot_delay = 200.0


def back_as_another(pile: Pile) -> None:
    def forget(message: Message, now: float) -> bool:
        pile.agenda.set("forget code", now + 2.0, lambda at: _rename(pile))
        return True

    pile.habits.listen("remote_reboot", forget)


def _rename(pile: Pile) -> None:
    pile.profile = msgspec.structs.replace(pile.profile, pile_code=DEFAULT_CODE)


FAULTS = (
    KnownFault(
        name="no_0x91",
        apply=no_0x91,
        zh="重启了，但不应答 0x91",
        en="reboots, but does not answer with 0x91",
        case="reboot",
        found_by="no_reboot_reply",
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="reboot_ignored",
        apply=reboot_ignored,
        zh="应答重启成功，但没有重启",
        en="confirms the reboot and does not reboot",
        case="reboot",
        found_by="connection_not_lost",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="reboot_unknown",
        apply=reboot_unknown,
        zh="不认识重启命令，既不应答也不重启",
        en="does not know the reboot command: neither answers nor reboots",
        case="reboot",
        found_by="no_reboot_reply",
        also=("connection_not_lost", "reboot_reply_missing"),
        dialect="serial_zero",
    ),
    KnownFault(
        name="never_back",
        apply=never_back,
        zh="重启后不再上线",
        en="does not come back after the reboot",
        case="reboot",
        found_by="not_back",
        dialect="frames_split",
    ),
    KnownFault(
        name="back_late",
        apply=back_late,
        zh="重启要三分多钟才重新登录",
        en="takes more than three minutes to log in again after the reboot",
        case="reboot",
        found_by="not_back",
        dialect="frames_joined",
    ),
    KnownFault(
        name="back_as_another",
        apply=back_as_another,
        zh="重启后用出厂桩编号登录",
        en="logs in with its factory code after the reboot",
        case="reboot",
        found_by="not_back",
        dialect="half_open",
    ),
)
