"""What each worker process runs: the front before the application, by the environment's settings."""

import os
from functools import partial

from sanctiongraph.settings import from_environment
from sanctiongraph_server import logs, watched_front
from sanctiongraph_server.ahead import Ahead
from sanctiongraph_server.app import READERS, create_app
from sanctiongraph_server.changing import RequestedWrites
from sanctiongraph_server.front.application import Front
from sanctiongraph_server.linked.describing import Count
from sanctiongraph_server.pages.first import compile_templates, first_pages
from sanctiongraph_server.plain_queries import PlainQueries
from sanctiongraph_server.readers.pool import ReaderPool
from sanctiongraph_server.remote import RemoteGraph, RemoteWrites
from sanctiongraph_server.watching import Watch
from sanctiongraph_server.writer import client, parent
from sanctiongraph_server.writer.supervisor import GATEWAY
from sanctiongraph_server.writes import Writes

logs.configure()
_settings = from_environment()
_watch = Watch(_settings)
_writes: Writes | None = None
if _settings.store:
    _writes = RemoteWrites(RemoteGraph.of(_settings), _settings.update_timeout)
elif (_writer := client.from_environment(_settings)) is not None:
    _writes = RequestedWrites(_writer)
if _gateway := os.environ.get(GATEWAY):
    # A worker that outlives the gateway would hold its port, and nobody would make its writes.
    parent.end_with(int(_gateway))
_application = create_app(_settings, watch=_watch, writes=_writes)
_readers = _application.extensions[READERS]
_readers.start()
if isinstance(_readers, ReaderPool):
    compiled = partial(compile_templates, _application)
    Ahead(_settings, _readers, compiled, [Count()], first_pages).start()

app = Front(
    _application,
    _settings,
    before=[watched_front.admitting(_watch)],
    after=[watched_front.telling(_watch)],
    at_end=logs.flush,
    # A store elsewhere is waited for in threads.
    direct=PlainQueries(_settings, _readers, _watch) if isinstance(_readers, ReaderPool) else None,
)
