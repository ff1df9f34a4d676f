"""Settings, read once from the environment. The table in ``docs/settings.md`` lists them all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanctiongraph.errors import BadInput


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can choose. Each field is one environment variable."""

    #: ``SANCTIONGRAPH_HOME``: folder of the published graph and the builds beside it.
    home: Path
    #: ``SANCTIONGRAPH_DATA``: folder with ``ontology/``, ``graph/`` and ``queries/``; the shipped
    #: data when not set.
    data: Path | None
    #: ``SANCTIONGRAPH_SOURCE_TEXT``: folder with the source texts, where the operator has them.
    source_text: Path | None
    #: ``SANCTIONGRAPH_HOST`` and ``SANCTIONGRAPH_PORT``: where the gateway listens.
    host: str
    port: int
    #: ``SANCTIONGRAPH_WORKERS``: processes of the gateway.
    workers: int
    #: ``SANCTIONGRAPH_MAX_QUERY_BYTES``: longest request body that the endpoint reads.
    max_query_bytes: int
    #: ``SANCTIONGRAPH_MAX_MERGED_TRIPLES``: most triples that a query's default graph of several
    #: graphs may hold; they are copied for that query.
    max_merged_triples: int


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name, "")
    return Path(value).expanduser().resolve() if value else None


def _integer(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = environ.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise BadInput(f"{name} is {value!r}: give a whole number from {low} to {high}")
    return int(value)


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings as the environment gives them.

    Raises ``BadInput`` where a value cannot be used.
    """
    env = os.environ if environ is None else environ
    return Settings(
        home=_path(env, "SANCTIONGRAPH_HOME") or Path.cwd() / ".sanctiongraph",
        data=_path(env, "SANCTIONGRAPH_DATA"),
        source_text=_path(env, "SANCTIONGRAPH_SOURCE_TEXT"),
        host=env.get("SANCTIONGRAPH_HOST") or "127.0.0.1",
        port=_integer(env, "SANCTIONGRAPH_PORT", 8080, 1, 65535),
        workers=_integer(env, "SANCTIONGRAPH_WORKERS", 1, 1, 64),
        max_query_bytes=_integer(
            env, "SANCTIONGRAPH_MAX_QUERY_BYTES", 1_000_000, 1_000, 100_000_000
        ),
        max_merged_triples=_integer(
            env, "SANCTIONGRAPH_MAX_MERGED_TRIPLES", 200_000, 0, 100_000_000
        ),
    )
