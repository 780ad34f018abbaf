"""Ctrl-C, heard where it cuts nothing in half."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def listening(*, twice: bool = True) -> Iterator[list[int]]:
    """What was pressed is written down for the one who asks, and raises KeyboardInterrupt only when it comes again,
    and not even then unless ``twice``. Raised at once, inside a callback from C such as a finaliser, Python would only
    say so and go on.

    Where Ctrl-C is not ours to hear, in another thread or under a handler of somebody else's, it is as it was.
    """
    pressed: list[int] = []

    def heard(number: int, _: object) -> None:
        pressed.append(number)
        if twice and len(pressed) > 1:
            raise KeyboardInterrupt

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    signal.signal(signal.SIGINT, heard)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
