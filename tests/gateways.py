"""``sanctiongraph serve`` as a process, for tests of what others see of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_SERVE = "from sanctiongraph_server.command import serve; serve()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """The address of a gateway over the graph in ``home``; ``more`` goes into its environment."""
    port = free_port()
    environment = {
        **os.environ,
        "SANCTIONGRAPH_HOME": str(home),
        "SANCTIONGRAPH_WORKERS": "1",
        "SANCTIONGRAPH_RATE_LIMIT": "0",
        **more,
    }
    command = [sys.executable, "-c", _SERVE, "--port", str(port)]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(1200):  # a minute and more: the machine may be busy
                try:
                    httpx.get(f"{address}/healthz")
                    break
                except httpx.TransportError:
                    if process.poll() is not None:
                        break
                    time.sleep(0.05)
            else:
                process.kill()
            if process.poll() is not None:
                output.seek(0)
                raise AssertionError(f"the gateway did not come up: {output.read()}")
            yield address
        finally:
            process.terminate()
            process.wait(15)
