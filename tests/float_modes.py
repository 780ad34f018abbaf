"""A thread whose float64 is set otherwise than IEEE 754 begins with: by the C library's ``fegetenv`` and ``fesetenv``.

On x86-64 glibc's environment ends with MXCSR, whose bits 15 and 6 flush subnormal results and operands, and 13 and 14
choose the rounding; on AArch64 it begins with FPCR, whose bit 24 flushes both, and 22 and 23 choose the rounding.
"""

from __future__ import annotations

import ctypes
import platform
import threading
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

LIBM = ctypes.CDLL(None)
X86 = platform.machine() in ("x86_64", "AMD64")
WORD = 28 if X86 else 0
"""Where the control word stands in the environment."""

MODES = (
    {
        "subnormal results flushed": 1 << 15,
        "subnormal operands flushed": 1 << 6,
        "both flushed": 1 << 15 | 1 << 6,
        "rounding down": 1 << 13,
        "rounding up": 1 << 14,
        "rounding towards zero": 3 << 13,
    }
    if X86
    else {
        "both flushed": 1 << 24,
        "rounding up": 1 << 22,
        "rounding down": 1 << 23,
        "rounding towards zero": 3 << 22,
    }
)
"""Bits of the control word."""
FLUSHED = [mode for mode in MODES if "flushed" in mode]


def set_mode(mode: str) -> None:
    """For this thread, from now on."""
    environment = ctypes.create_string_buffer(256)
    assert LIBM.fegetenv(environment) == 0
    word = ctypes.c_uint32.from_buffer(environment, WORD)
    word.value |= MODES[mode]
    assert LIBM.fesetenv(environment) == 0


def in_mode(mode: str, work: Callable[[], Found]) -> Found:
    """What ``work`` returns or raises, in a thread of that mode."""
    found: list[Found] = []
    raised: list[BaseException] = []

    def run() -> None:
        set_mode(mode)
        try:
            found.append(work())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return found[0]
