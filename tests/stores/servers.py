"""Real stores for the tests, each in a folder of its own on free ports of this machine."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.server.conftest import free_port

#: Seconds that a store has to come up on a busy machine.
_PATIENCE = 90
_VIRTUOSO_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = {folder}
VADInstallDir = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
MaxQueryExecutionTime = 0
"""


@contextlib.contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[str]:
    """``oxigraph serve``; gives its address."""
    port = port or free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [program, "serve", "--location", folder / "data", "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso 7 with the user ``dba``, whose password is ``dba``; gives the address of queries."""
    program = shutil.which("virtuoso-t")
    if program is None:
        raise RuntimeError("virtuoso-t is absent: apt-get install virtuoso-opensource-7-bin")
    port = free_port()
    config = folder / "virtuoso.ini"
    config.write_text(_VIRTUOSO_INI.format(folder=folder, port=port, sql_port=free_port()))
    command = [program, "+foreground", "+configfile", config]
    with _running(command, folder, f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D"):
        yield f"http://127.0.0.1:{port}/sparql"


@contextlib.contextmanager
def _running(command: list[str | Path], folder: Path, ready: str) -> Iterator[None]:
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "out.log").read_text("utf-8", "replace"))
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(ready, trust_env=False).status_code < 500:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.kill()  # nobody reads its folder again
        process.wait()
