"""What each worker process runs: the front before the application, by the environment's settings."""

from sanctiongraph.settings import from_environment
from sanctiongraph_server.app import create_app
from sanctiongraph_server.front.application import Front

_settings = from_environment()

app = Front(create_app(_settings), _settings)
