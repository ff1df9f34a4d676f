"""``sanctiongraph serve``."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Final

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from sanctiongraph.errors import SanctiongraphError
from sanctiongraph.published import Version, current
from sanctiongraph.settings import Settings, from_environment
from sanctiongraph.stores.opening import open_store
from sanctiongraph.stores.record import read_version

#: Seconds that requests at work have to end when the server is told to.
_GRACE: Final = 5
#: Seconds a worker has to live for its end not to be taken as a failure to start.
_BETWEEN_STARTS: Final = 0.1
#: Stack of the threads that evaluate queries: the engine's parser and evaluation are recursive, and
#: an overflow ends the process. Only what is used takes memory.
_STACK_BYTES: Final = 64 * 1024 * 1024


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="Folder of the published graph.")
@click.option("--store", metavar="URL", help="A SPARQL 1.1 store to serve instead.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer.")
def serve(
    home: Path | None, store: str | None, host: str | None, port: int | None, workers: int | None
) -> None:
    """Serve the published graph over HTTP.

    What is not given comes from the environment: SANCTIONGRAPH_HOME,
    SANCTIONGRAPH_STORE, SANCTIONGRAPH_HOST, SANCTIONGRAPH_PORT and SANCTIONGRAPH_WORKERS.
    """
    # The workers read the environment, so that is where the options go.
    given = {
        "HOME": home and home.resolve(),
        "STORE": store,
        "HOST": host,
        "PORT": port,
        "WORKERS": workers,
    }
    for name, value in given.items():
        if value is not None:
            os.environ[f"SANCTIONGRAPH_{name}"] = str(value)
    os.environ.setdefault("RUST_MIN_STACK", str(_STACK_BYTES))
    try:
        settings = from_environment()
        version = _version(settings)
    except SanctiongraphError as error:
        raise click.ClickException(str(error)) from error
    _check_free(settings.host, settings.port)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"sanctiongraph {version.name} at http://{shown}:{settings.port}/sparql")
    Granian(
        target="sanctiongraph_server.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=blocking_threads(),
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        # Were it longer, two bad queries in a row would look like a server that cannot start.
        respawn_interval=_BETWEEN_STARTS,
        workers_kill_timeout=_GRACE,
    ).serve()


def _version(settings: Settings) -> Version:
    """The version that is going to be served, so that what cannot be served is told at once."""
    if settings.store:
        return read_version(open_store(settings, timeout=settings.max_timeout))
    return current(settings.home).version


def blocking_threads() -> int:
    """Threads a worker answers with.

    The engine lets go of the interpreter while it evaluates, so as many as there are processors
    can work; twice that, and at least eight, lets short queries pass the long ones.
    """
    return max(8, 2 * (os.cpu_count() or 1))


def _check_free(host: str, port: int) -> None:
    """Granian's workers share a port, so they would not notice another server there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host} port {port}: {error.strerror or error}. Give another with"
            " --port, or end what listens there"
        ) from error
