"""The application as each worker process loads it: settings come from the environment."""

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.writer import client

_settings = from_environment()
app = create_app(_settings, writes=client.from_environment(_settings))
