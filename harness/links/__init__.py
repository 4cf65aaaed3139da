"""Sockets and FTP: the room where Twisted lives.

LINKS names the kinds of link a pile may come in by; an opener takes the reactor, the platform, a clock, host and port,
and gives something with `address`, `set_paused(bool)` and `close()`.
"""

from harness.links import ykc_tcp

LINKS = {"ykc": ykc_tcp.open_link}
