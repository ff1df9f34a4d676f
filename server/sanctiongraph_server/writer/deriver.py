"""The deriver: the process that finds what follows from a snapshot."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from sanctiongraph.digests import Digests
from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.following import difference
from sanctiongraph_server import memory
from sanctiongraph_server.writer import parent

#: The file that tells why nothing could be derived.
ERROR: Final = "error"


def main() -> None:
    """``python -m sanctiongraph_server.writer.deriver PARENT STORE RECORD OUTPUT WORKING MEGABYTES NICE``.

    The difference is written to the folder OUTPUT; where it is an error, its text is.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    of, store, record, output, working, megabytes, nice = sys.argv[1:]
    parent.end_with(int(of))
    memory.cap(int(megabytes))
    os.nice(int(nice))
    try:
        held = Store.read_only(store)
        found = difference(held, Digests.read(Path(record)), Path(working))
    except SanctiongraphError as error:
        (Path(output) / ERROR).write_text(str(error), "utf-8")
        sys.exit(1)
    found.write(Path(output))


if __name__ == "__main__":
    main()
