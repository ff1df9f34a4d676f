"""The application as each worker process loads it: settings come from the environment."""

import os

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.writer import client, parent
from sanctiongraph_server.writer.supervisor import GATEWAY

_settings = from_environment()
_writes = client.from_environment(_settings)
if _gateway := os.environ.get(GATEWAY):
    # A worker that outlives the gateway would hold its port, and nobody would make its writes.
    parent.end_with(int(_gateway))
app = create_app(_settings, writes=_writes)
