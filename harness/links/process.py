"""What a process needs that carries thousands of connections."""

from __future__ import annotations

import gc
import resource

YOUNG, MIDDLE, OLD = 50_000, 20, 50
FEW = 4096  # open files: with fewer the desk takes fewer pages than it otherwise would
UNCOUNTED = 2**20


def open_files() -> int:
    """Allow as many open files, sockets among them, as we may; gives how many that is."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return UNCOUNTED if most == resource.RLIM_INFINITY else most


def ready_for_many() -> None:
    """Allow as many sockets as we may, and let the garbage collector look less often over what stays.

    Thousands of piles are hundreds of thousands of objects that never become garbage, while each frame makes and
    frees a few; with Python's own thresholds a fifth of the time goes into looking for cycles that are not there.
    """
    open_files()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
