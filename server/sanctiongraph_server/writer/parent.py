"""Ends this process when the one that started it has ended, however that came about."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

_INTERVAL: Final = 0.1


def end_with(parent: int, last: Callable[[], None] = lambda: None) -> None:
    """Looks every tenth of a second whether ``parent`` still is; ``last`` is called before the end.

    A pipe would tell sooner, but the gateway's workers are forks and would hold its other end.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_INTERVAL)
        last()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
