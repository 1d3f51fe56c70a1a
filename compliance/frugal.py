"""What this process asks of the C library, so that it gives memory back."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

# Parameters of mallopt(3), from glibc's malloc.h.
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8

_MEGABYTE: Final = 1024 * 1024


def give_memory_back() -> None:
    """Let large blocks return to the system when they are freed, and let all threads share one heap.

    By itself glibc keeps as heap what was once a large block (a password is compared in 19 MB, once for each thread),
    and gives each thread a heap of its own, from which freed memory does not return: a server that had opened 200
    pages held 243 MB instead of 194. One heap costs nothing here, as Python's own lock lets one thread run at a time.
    Another C library has no such settings, and nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    for parameter, value in (
        (_ARENA_MAX, 1),
        (_MMAP_THRESHOLD, _MEGABYTE),
        (_TRIM_THRESHOLD, _MEGABYTE),
    ):
        mallopt(parameter, value)
