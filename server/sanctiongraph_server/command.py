"""``sanctiongraph serve``."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import Final

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from sanctiongraph.errors import (
    BuildBusy,
    DeadlineExceeded,
    NotBuilt,
    SanctiongraphError,
    StoreAway,
)
from sanctiongraph.published import current
from sanctiongraph.settings import Settings, from_environment
from sanctiongraph.stores.patience import patient
from sanctiongraph_server.addresses import allow_list_of
from sanctiongraph_server.writer.supervisor import writing

#: Seconds that requests at work have to end when the server is told to.
_GRACE: Final = 5
#: Seconds a worker has to live for its end not to be taken as a failure to start.
_BETWEEN_STARTS: Final = 0.1
#: Seconds that a store has, at the start, to say what it holds.
_SECONDS_TO_ASK: Final = 10
#: Read by the Prometheus client when it is imported, which only workers do.
_METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


@click.command()
@click.option("--home", type=click.Path(path_type=Path), help="Folder of the published graph.")
@click.option("--store", metavar="URL", help="A SPARQL 1.1 store to serve instead.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer.")
@click.option(
    "--readers", type=click.IntRange(1, 256), help="Processes of each that evaluate queries."
)
@click.option("--timeout", type=click.FloatRange(0.1, 86_400), help="Seconds that a query has.")
def serve(
    home: Path | None,
    store: str | None,
    host: str | None,
    port: int | None,
    workers: int | None,
    readers: int | None,
    timeout: float | None,
) -> None:
    """Serve the published graph over HTTP.

    What is not given comes from the environment: SANCTIONGRAPH_HOME, SANCTIONGRAPH_HOST,
    SANCTIONGRAPH_STORE, SANCTIONGRAPH_PORT, SANCTIONGRAPH_WORKERS, SANCTIONGRAPH_READERS and
    SANCTIONGRAPH_TIMEOUT.
    """
    # The workers read the environment, so that is where the options go.
    given = {
        "HOME": home and home.resolve(),
        "STORE": store,
        "HOST": host,
        "PORT": port,
        "WORKERS": workers,
        "READERS": readers,
        "TIMEOUT": timeout,
    }
    for name, value in given.items():
        if value is not None:
            os.environ[f"SANCTIONGRAPH_{name}"] = str(value)
    try:
        settings = from_environment()
        allow_list_of(settings)
        served = _served(settings)
    except SanctiongraphError as error:
        raise click.ClickException(str(error)) from error
    if timeout is not None and timeout > settings.max_timeout:
        raise click.ClickException(
            f"--timeout is more than the {settings.max_timeout:g} s that a query may have: raise"
            " SANCTIONGRAPH_MAX_TIMEOUT as well"
        )
    _check_free(settings.host, settings.port)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"sanctiongraph {served} at http://{shown}:{settings.port}/sparql")
    # A store elsewhere makes its writes itself.
    keeper = contextlib.nullcontext() if settings.store else writing()
    with tempfile.TemporaryDirectory(prefix="sanctiongraph-metrics-") as folder, keeper:
        os.environ[_METRICS_FOLDER] = folder
        os.environ.setdefault("SANCTIONGRAPH_LOG_KEY", secrets.token_hex(16))
        _serve(settings)


def _served(settings: Settings) -> str:
    """The version that is going to be served, so that what cannot be served is told at once.

    A store that is away, or holds nothing yet, may come later: until then the gateway answers 503.
    """
    if not settings.store:
        return current(settings.home).version.name
    # Only here: it takes half a second, and the workers have it anyway.
    from sanctiongraph_server.remote import RemoteGraph

    try:
        with patient(_SECONDS_TO_ASK):
            return RemoteGraph.of(settings).name()
    except (StoreAway, NotBuilt, BuildBusy, DeadlineExceeded) as error:
        click.echo(f"nothing is served yet: {error}", err=True)
        return "waits"


def _serve(settings: Settings) -> None:
    """Until this process is told to end."""
    Granian(
        target="sanctiongraph_server.rsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        # Proxies speak HTTP/1.1 to what is behind them, and browsers no HTTP/2 without TLS.
        http=HTTPModes.http1,
        workers=settings.workers,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        # Were it longer, two bad queries in a row would look like a server that cannot start.
        respawn_interval=_BETWEEN_STARTS,
        workers_kill_timeout=_GRACE,
    ).serve()


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
