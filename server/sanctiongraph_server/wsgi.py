"""The application as each worker process loads it: settings come from the environment."""

from sanctiongraph.settings import from_environment
from sanctiongraph_server import logs
from sanctiongraph_server.app import READERS, create_app

logs.configure()
app = create_app(from_environment())
app.extensions[READERS].start()
