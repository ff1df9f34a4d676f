"""Settings, read once from the environment. The table in ``docs/settings.md`` lists them all."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sanctiongraph.errors import BadInput
from sanctiongraph.vocabulary import BASE

#: Wikidata's own SPARQL endpoint.
WIKIDATA: Final = "https://query.wikidata.org/sparql"


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
    #: ``SANCTIONGRAPH_REGISTERS``: folder of imported registers, which the build takes in.
    registers: Path | None
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
    #: ``SANCTIONGRAPH_READERS``: processes a worker has to evaluate queries in.
    readers: int
    #: ``SANCTIONGRAPH_QUEUE``: queries a worker lets wait for a reader.
    queue: int
    #: ``SANCTIONGRAPH_TIMEOUT``: seconds a query has when it does not say.
    timeout: float
    #: ``SANCTIONGRAPH_MAX_TIMEOUT``: most seconds that ``timeout=`` can ask for.
    max_timeout: float
    #: ``SANCTIONGRAPH_UPDATE_TIMEOUT``: seconds that a write has.
    update_timeout: float
    #: ``SANCTIONGRAPH_QUERY_MEMORY_MB``: address space of a reader.
    query_memory_mb: int
    #: ``SANCTIONGRAPH_ALLOCATOR``: library that readers take memory with, by its name or path;
    #: ``None`` for the C library.
    allocator: str | None
    #: ``SANCTIONGRAPH_MAX_RESULT_BYTES``: longest answer.
    max_result_bytes: int
    #: ``SANCTIONGRAPH_MAX_UPLOAD_BYTES``: longest body of an update or of a graph.
    max_upload_bytes: int
    #: ``SANCTIONGRAPH_DERIVE_SECONDS``: seconds from a write until deriving begins.
    derive_seconds: float
    #: ``SANCTIONGRAPH_CACHE_MB``: memory a worker keeps answers in; 0 keeps none.
    cache_mb: int
    #: ``SANCTIONGRAPH_AHEAD_SECONDS``: how long a graph has to stand until a reader of each worker
    #: learns ahead what pages ask of it; 0 for never.
    ahead_seconds: float
    #: ``SANCTIONGRAPH_SERVICE_ALLOW``: prefixes of the addresses that SERVICE and LOAD may reach.
    service_allow: tuple[str, ...]
    #: ``SANCTIONGRAPH_SERVICE_ALLOW_PRIVATE``: hosts among these whose names may lead to addresses
    #: that are not of the open internet.
    service_allow_private: tuple[str, ...]
    #: ``SANCTIONGRAPH_SERVICE_CACHE_SECONDS``: how long a reply of theirs is kept at most; 0 keeps none.
    service_cache_seconds: int
    #: ``SANCTIONGRAPH_RATE_LIMIT``: requests a minute of one client; 0 switches the limit off.
    rate_limit: int
    #: ``SANCTIONGRAPH_TRUSTED_PROXIES``: proxies before the gateway whose ``X-Forwarded-For`` counts.
    trusted_proxies: int
    #: ``SANCTIONGRAPH_LOG_KEY``: what the pseudonyms of clients in the log are made with.
    log_key: str | None
    #: ``SANCTIONGRAPH_STORE``, ``_STORE_USER``, ``_STORE_PASSWORD``, ``_STORE_TOKEN``: a SPARQL 1.1
    #: store to use instead of the embedded one, and how to be let in.
    store: str | None
    store_user: str | None = field(repr=False)
    store_password: str | None = field(repr=False)
    store_token: str | None = field(repr=False)
    #: ``SANCTIONGRAPH_STORE_DIALECT``: what kind of store it is, where it does not say; and
    #: ``_STORE_UPDATE_URL``, ``_STORE_GRAPHS_URL`` where its addresses are not those of its kind.
    store_dialect: str | None
    store_update_url: str | None
    store_graphs_url: str | None
    #: ``SANCTIONGRAPH_WIKIDATA``: the SPARQL endpoint that is asked for what Wikidata says.
    wikidata: str
    #: ``SANCTIONGRAPH_MODEL_URL``, ``SANCTIONGRAPH_MODEL``, ``SANCTIONGRAPH_MODEL_KEY``: a language
    #: model that may propose claims of a text as well, where it is asked, and the key for it.
    model_url: str | None
    model: str | None
    model_key: str | None = field(repr=False)
    #: ``SANCTIONGRAPH_PUBLIC_URL``: where the gateway is found by others, with a slash behind it.
    public_url: str

    def registers_below(self, home: Path | None) -> Path:
        """The folder of imported registers: the one set, else ``registers/`` in the home folder."""
        return self.registers or (home or self.home) / "registers"


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


def _number(
    environ: Mapping[str, str], name: str, default: float, low: float, high: float
) -> float:
    value = environ.get(name, "")
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise BadInput(f"{name} is {value!r}: give a number from {low:g} to {high:g}")
    return number


def _list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for one in environ.get(name, "").split(",") if (part := one.strip()))


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    """An absolute address, with a slash behind it."""
    value = environ.get(name) or default
    parts = urlsplit(value)
    plain = re.fullmatch(r"[!-~]+", value) and not re.search(r"[<>\"{}|\\^`]", value)
    if not plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(f"{name} is {value!r}: give an address such as https://example.org/graph/")
    if parts.query or parts.fragment:
        raise BadInput(f"{name} is {value!r}: give it without ? and #")
    return value.rstrip("/") + "/"


def _default_workers() -> int:
    """As many as there are processors for this process, at most four."""
    return min(4, len(os.sched_getaffinity(0)))


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings as the environment gives them.

    Raises ``BadInput`` where a value cannot be used.
    """
    env = os.environ if environ is None else environ
    max_timeout = _number(env, "SANCTIONGRAPH_MAX_TIMEOUT", 30, 0.1, 86_400)
    timeout = _number(env, "SANCTIONGRAPH_TIMEOUT", 30, 0.1, 86_400)
    return Settings(
        home=_path(env, "SANCTIONGRAPH_HOME") or Path.cwd() / ".sanctiongraph",
        data=_path(env, "SANCTIONGRAPH_DATA"),
        source_text=_path(env, "SANCTIONGRAPH_SOURCE_TEXT"),
        registers=_path(env, "SANCTIONGRAPH_REGISTERS"),
        host=env.get("SANCTIONGRAPH_HOST") or "127.0.0.1",
        port=_integer(env, "SANCTIONGRAPH_PORT", 8080, 1, 65535),
        workers=_integer(env, "SANCTIONGRAPH_WORKERS", _default_workers(), 1, 64),
        max_query_bytes=_integer(
            env, "SANCTIONGRAPH_MAX_QUERY_BYTES", 1_000_000, 1_000, 100_000_000
        ),
        max_merged_triples=_integer(
            env, "SANCTIONGRAPH_MAX_MERGED_TRIPLES", 200_000, 0, 100_000_000
        ),
        readers=_integer(env, "SANCTIONGRAPH_READERS", 4, 1, 256),
        queue=_integer(env, "SANCTIONGRAPH_QUEUE", 64, 0, 100_000),
        timeout=min(timeout, max_timeout),
        max_timeout=max_timeout,
        update_timeout=_number(env, "SANCTIONGRAPH_UPDATE_TIMEOUT", 30, 0.1, 86_400),
        query_memory_mb=_integer(env, "SANCTIONGRAPH_QUERY_MEMORY_MB", 2_048, 1_024, 1_048_576),
        allocator=_allocator(env),
        max_result_bytes=_integer(
            env, "SANCTIONGRAPH_MAX_RESULT_BYTES", 256_000_000, 1_000, 100_000_000_000
        ),
        max_upload_bytes=_integer(
            env, "SANCTIONGRAPH_MAX_UPLOAD_BYTES", 100_000_000, 1_000, 100_000_000_000
        ),
        derive_seconds=_number(env, "SANCTIONGRAPH_DERIVE_SECONDS", 1, 0, 86_400),
        cache_mb=_integer(env, "SANCTIONGRAPH_CACHE_MB", 64, 0, 1_048_576),
        ahead_seconds=_number(env, "SANCTIONGRAPH_AHEAD_SECONDS", 2, 0, 86_400),
        service_allow=_list(env, "SANCTIONGRAPH_SERVICE_ALLOW"),
        service_allow_private=_list(env, "SANCTIONGRAPH_SERVICE_ALLOW_PRIVATE"),
        service_cache_seconds=_integer(
            env, "SANCTIONGRAPH_SERVICE_CACHE_SECONDS", 3_600, 0, 31_536_000
        ),
        rate_limit=_integer(env, "SANCTIONGRAPH_RATE_LIMIT", 1_200, 0, 100_000_000),
        trusted_proxies=_integer(env, "SANCTIONGRAPH_TRUSTED_PROXIES", 0, 0, 16),
        log_key=env.get("SANCTIONGRAPH_LOG_KEY") or None,
        store=env.get("SANCTIONGRAPH_STORE") or None,
        store_user=env.get("SANCTIONGRAPH_STORE_USER") or None,
        store_password=env.get("SANCTIONGRAPH_STORE_PASSWORD") or None,
        store_token=env.get("SANCTIONGRAPH_STORE_TOKEN") or None,
        store_dialect=env.get("SANCTIONGRAPH_STORE_DIALECT") or None,
        store_update_url=env.get("SANCTIONGRAPH_STORE_UPDATE_URL") or None,
        store_graphs_url=env.get("SANCTIONGRAPH_STORE_GRAPHS_URL") or None,
        wikidata=env.get("SANCTIONGRAPH_WIKIDATA") or WIKIDATA,
        model_url=env.get("SANCTIONGRAPH_MODEL_URL") or None,
        model=env.get("SANCTIONGRAPH_MODEL") or None,
        model_key=env.get("SANCTIONGRAPH_MODEL_KEY") or None,
        public_url=_address(env, "SANCTIONGRAPH_PUBLIC_URL", BASE),
    )


def _allocator(env: Mapping[str, str]) -> str | None:
    given = env.get("SANCTIONGRAPH_ALLOCATOR") or "jemalloc"
    if given == "system":
        return None
    if not re.fullmatch(r"[\w.+/-]+", given) or ("/" in given and not Path(given).is_file()):
        raise BadInput(
            f"SANCTIONGRAPH_ALLOCATOR is {given!r}: give the name of a library, such as jemalloc,"
            " the path of one, or system"
        )
    return str(Path(given).absolute()) if "/" in given else given
