"""The FTP server that 0x94 points at: each upgrade has its own credentials and sees only its own folder.

pyftpdlib runs in a thread of its own; what it sees is handed back through `cross`, which must run a call in the
reactor thread (`reactor.callFromThread`). Credentials are shared under a lock.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import socket
import tempfile
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from harness.core.errors import PersonError
from harness.core.journal import FileFetch
from harness.core.operator import Firmware
from harness.core.ports import Offer
from harness.links.ykc_tcp import port_error

with warnings.catch_warnings():  # on Python 3.11 pyftpdlib imports asyncore, which is deprecated there
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import AuthenticationFailed, DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

MOST_HOST, MOST_PATH = 16, 32  # bytes that 0x94 has for them
FILE_NAME = "/fw.bin"
READ_ONLY = "elr"
FIRMWARE = ("固件服务器（FTP）端口", "the port of the firmware server (FTP)")
FIRMWARE_CHOICE = ("设置 ftp_port 或 HARNESS_FTP_PORT", "setting ftp_port or HARNESS_FTP_PORT")
LOOP_TURN = 0.05  # s between two looks whether to stop

# Left alone it would write to the terminal, across the picture of a run; `serve` has a log that it joins.
logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())

Tell = Callable[[FileFetch], None]
Cross = Callable[..., Any]


class Access(NamedTuple):
    """What one pile may fetch, and who hears of it."""

    password: str
    folder: Path
    tell: Tell


class Accesses:
    """The one-time credentials, written by the reactor thread and read by the FTP thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Access] = {}

    def add(self, user: str, access: Access) -> None:
        """From now on this user may come."""
        with self._lock:
            self._known[user] = access

    def drop(self, user: str) -> Access | None:
        """Nobody comes under this name any more."""
        with self._lock:
            return self._known.pop(user, None)

    def get(self, user: str) -> Access | None:
        """What a user may fetch; None for a stranger."""
        with self._lock:
            return self._known.get(user)

    def users(self) -> list[str]:
        """All who may come."""
        with self._lock:
            return list(self._known)


class FirmwareFtp:
    """The server; port 0 lets the system choose. Gives `Offer`s to piles and FileFetch events to whoever published.

    `moving` hears, in the reactor thread, True when a connection is open for some file and False when it has ended:
    a scaled clock stands still meanwhile.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        cross: Cross,
        public_host: str = "",
        passive_ports: Sequence[int] = (),
        folder: Path | None = None,
        moving: Callable[[bool], None] | None = None,
    ) -> None:
        self.accesses = Accesses()
        self._cross = cross
        self._moving = moving
        self._public_host = public_host or ("127.0.0.1" if host in ("", "0.0.0.0", "::") else host)
        self._check_host()
        self._own_folder = folder is None
        self._folder = Path(tempfile.mkdtemp(prefix="harness-firmware-")) if folder is None else folder
        _make(self._folder)
        self._loop = IOLoop()
        self._server = self._listen(host, port, passive_ports, public_host)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="firmware-ftp", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.address[1])

    def publish(self, firmware: Firmware, tell: Tell) -> Offer:
        """Lay a file out for one pile, under credentials that nobody else has."""
        source = Path(firmware.path)
        user, password = f"u{secrets.token_hex(5)}", secrets.token_hex(7)
        folder = self._folder / user
        _make(folder)
        try:
            shutil.copyfile(source, folder / FILE_NAME.lstrip("/"))
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise PersonError(
                f"{source}: the firmware cannot be read ({error.strerror})",
                f"{source}：固件读不出来（{error.strerror}）",
            ) from None
        size = (folder / FILE_NAME.lstrip("/")).stat().st_size
        self.accesses.add(user, Access(password, folder, tell))
        return Offer(self._public_host, self.port, user, password, FILE_NAME, size)

    def withdraw(self, offer: Offer) -> None:
        """Take a file back; a transfer under way ends by itself."""
        access = self.accesses.drop(offer.user)
        if access is not None:
            shutil.rmtree(access.folder, ignore_errors=True)

    def close(self) -> None:
        """Stop the thread and remove what was laid out."""
        self._stop.set()
        self._thread.join()
        for user in self.accesses.users():
            access = self.accesses.drop(user)
            if access is not None:
                shutil.rmtree(access.folder, ignore_errors=True)
        if self._own_folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def tell(self, user: str, event: FileFetch) -> None:
        """From the FTP thread: let whoever published hear of it."""
        access = self.accesses.get(user)
        if access is not None:
            self._cross(access.tell, event)

    def moves(self, going_on: bool) -> None:
        """From the FTP thread: a connection began or ended."""
        if self._moving is not None:
            self._cross(self._moving, going_on)

    def everybody(self) -> list[str]:
        """Users that still wait for a pile: a connection before its login may be any of theirs."""
        return self.accesses.users()

    def _check_host(self) -> None:
        if len(self._public_host) > MOST_HOST:
            raise PersonError(
                f"public_address {self._public_host!r} has more than {MOST_HOST} characters, which 0x94 cannot carry",
                f"public_address {self._public_host!r} 超过 {MOST_HOST} 个字符，0x94 放不下",
            )

    def _listen(self, host: str, port: int, passive_ports: Sequence[int], public_host: str) -> FTPServer:
        handler: Any = type("Handler", (PileHandler,), {})
        handler.authorizer = OneTime(self.accesses)
        handler.firmware = self
        handler.passive_ports = list(passive_ports) or None
        handler.masquerade_address = _address_of(public_host) if public_host else None
        handler.banner = "ready"
        try:
            return FTPServer((host, port), handler, ioloop=self._loop)
        except OSError as error:
            raise port_error(host, port, error, FIRMWARE, FIRMWARE_CHOICE) from None

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._loop.loop(timeout=LOOP_TURN, blocking=False)
        self._server.close_all()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PersonError(
            f"{folder}: this folder cannot be made ({error.strerror}); choose another (setting firmware)",
            f"{folder}：无法建立这个文件夹（{error.strerror}），请换一个（设置 firmware）",
        ) from None


def _address_of(host: str) -> str:
    """The IPv4 address that a passive reply can name."""
    try:
        return socket.gethostbyname(host)
    except OSError as error:
        raise PersonError(
            f"public_address {host!r} is no address that can be found ({error.strerror})",
            f"找不到 public_address {host!r} 的地址（{error.strerror}）",
        ) from None


class OneTime(DummyAuthorizer):  # type: ignore[misc]
    """Lets in who is named in the accesses, to read their own folder."""

    def __init__(self, accesses: Accesses) -> None:
        super().__init__()
        self._accesses = accesses

    def validate_authentication(self, username: str, password: str, handler: Any) -> None:
        access = self._accesses.get(username)
        if access is None or not secrets.compare_digest(access.password.encode(), password.encode()):
            raise AuthenticationFailed("wrong user or password")

    def get_home_dir(self, username: str) -> str:
        access = self._accesses.get(username)
        return str(access.folder) if access is not None else os.devnull

    def has_user(self, username: str) -> bool:
        return self._accesses.get(username) is not None

    def has_perm(self, username: str, perm: str, path: str | None = None) -> bool:
        return perm in READ_ONLY

    def get_perms(self, username: str) -> str:
        return READ_ONLY

    def get_msg_login(self, username: str) -> str:
        return "welcome"

    def get_msg_quit(self, username: str) -> str:
        return "bye"


class PileHandler(FTPHandler):  # type: ignore[misc]
    """One FTP connection; what happens on it is told to whoever published for its user."""

    firmware: FirmwareFtp
    auth_failed_timeout = 0.2  # s; one wrong password is the pile's finding, nobody guesses these
    use_gmt_times = True

    def _tell(self, what: str, user: str, path: str = "", size: int = 0) -> None:
        event = FileFetch(what=what, user=user, path=path, size=size, peer=f"{self.remote_ip}:{self.remote_port}")
        self.firmware.tell(user, event)

    def _told(self, path: str) -> str:
        """The path as the pile named it."""
        return f"/{Path(path).name}"

    def on_connect(self) -> None:
        self.firmware.moves(True)
        for user in self.firmware.everybody():
            self._tell("connected", user)

    def on_disconnect(self) -> None:
        self.firmware.moves(False)
        self._tell("disconnected", self.username)

    def on_login(self, username: str) -> None:
        self._tell("login", username)

    def on_login_failed(self, username: str, password: str) -> None:
        known = self.firmware.accesses.get(username) is not None
        for user in [username] if known else self.firmware.everybody():
            self._tell("login_failed", user)

    def ftp_RETR(self, file: str) -> Any:
        self._tell("opened" if os.path.isfile(file) else "refused", self.username, self._told(file))
        return super().ftp_RETR(file)

    def on_file_sent(self, file: str) -> None:
        self._tell("sent", self.username, self._told(file), os.path.getsize(file))

    def on_incomplete_file_sent(self, file: str) -> None:
        channel = self.data_channel
        self._tell("partial", self.username, self._told(file), channel.tot_bytes_sent if channel else 0)
