"""At which address of this machine others can reach it."""

from __future__ import annotations

import socket

DOCUMENTATION_NET = ("192.0.2.1", 9)  # RFC 5737: nothing is sent, the system only chooses a way out


def lan_address() -> str:
    """The address by which this machine goes out; 127.0.0.1 when it has no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(DOCUMENTATION_NET)
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address
