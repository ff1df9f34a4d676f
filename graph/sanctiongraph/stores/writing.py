"""Changes of a store across the network: updates, and whole graphs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Final

from sanctiongraph.errors import BadQuery, DeadlineExceeded, RemoteFailed
from sanctiongraph.stores.connection import NotDone, Reply, shown
from sanctiongraph.stores.remote import RemoteStore

_N_TRIPLES: Final = "application/n-triples"


def update(store: RemoteStore, text: str, *, timeout: float | None = None) -> None:
    """Makes an update; its default graph is the accepted graph.

    Raises ``BadQuery`` where the store refuses it, ``RemoteFailed`` where it fails, ``DeadlineExceeded`` where it is not known
    in time whether it was made.
    """
    form: dict[str, str] = {"update": text}
    if accepted := store.dialect.accepted:
        form["default-graph-uri"] = accepted.value
    reply = store.connection.change("POST", store.addresses.update, form=form, timeout=timeout)
    if reply.status == 400:
        raise BadQuery(f"{shown(store.addresses.update)} refuses the update: {reply.text}")
    _check(reply, store.addresses.update, "did not make the update")


def put_graph(
    store: RemoteStore, name: str, lines: Iterable[bytes], *, timeout: float | None = None
) -> None:
    """Puts N-Triples into a graph in the place of what was in it; the empty name is the accepted one.

    ``timeout`` is for all pieces together; beyond it ``DeadlineExceeded``.
    """
    first, *rest = _pieces_of_graph(store, lines) or [b""]
    _send_all(store, name, [("PUT", first), *(("POST", piece) for piece in rest)], timeout)


def add_to_graph(
    store: RemoteStore, name: str, lines: Iterable[bytes], *, timeout: float | None = None
) -> None:
    """Adds N-Triples to a graph; ``timeout`` as of ``put_graph``."""
    pieces_of_graph = _pieces_of_graph(store, lines)
    _send_all(store, name, [("POST", piece) for piece in pieces_of_graph], timeout)


def send(
    store: RemoteStore, method: str, name: str, body: bytes = b"", timeout: float | None = None
) -> int:
    """One request of the Graph Store Protocol; returns the status, which may be 404 for a DELETE."""
    accepted = store.dialect.accepted
    graph = name or (accepted.value if accepted else "")
    reply = store.connection.change(
        method,
        store.addresses.graphs,
        parameters={"graph": graph} if graph else {"default": ""},
        content=body if method in {"PUT", "POST"} else None,
        headers={"Content-Type": _N_TRIPLES} if method in {"PUT", "POST"} else None,
        timeout=timeout,
    )
    if not (method == "DELETE" and reply.status == 404):
        _check(
            reply,
            store.addresses.graphs,
            f"did not take {method} of {graph or 'the default graph'}",
        )
    return reply.status


def pieces(lines: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The lines in pieces of at most ``longest`` bytes; a longer line is a piece by itself."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and size + len(line) > longest:
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield b"".join(piece)


def _send_all(
    store: RemoteStore, name: str, sent: list[tuple[str, bytes]], timeout: float | None
) -> None:
    end = None if timeout is None else time.monotonic() + timeout
    for number, (method, piece) in enumerate(sent):
        left = None if end is None else end - time.monotonic()
        if timeout is not None and left is not None and left <= 0:
            raise DeadlineExceeded(f"the graph was not sent whole in {timeout:g} seconds", timeout)
        try:
            send(store, method, name, piece, left)
        except NotDone as error:
            if number:  # of the whole, the pieces before are done
                raise RemoteFailed(str(error)) from error
            raise


def _pieces_of_graph(store: RemoteStore, lines: Iterable[bytes]) -> list[bytes]:
    """The lines in pieces that the store takes.

    Lines with blank nodes are in the first whatever its size: a label means nothing in another.
    """
    blank: list[bytes] = []
    plain: list[bytes] = []
    for line in lines:
        (blank if b"_:" in line else plain).append(line)
    found = [*pieces(plain, store.dialect.longest_piece)]
    if blank:
        found[:1] = [b"".join([*blank, *found[:1]])]
    return found


def _check(reply: Reply, url: str, what: str) -> None:
    if not reply.fine:
        kind = NotDone if reply.status < 500 else RemoteFailed
        raise kind(f"{shown(url)} {what} ({reply.status}): {reply.text}")
