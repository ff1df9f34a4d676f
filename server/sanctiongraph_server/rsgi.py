"""What each worker process runs: the front before the application, by the environment's settings."""

from sanctiongraph.settings import from_environment
from sanctiongraph_server import logs, watched_front
from sanctiongraph_server.app import READERS, create_app
from sanctiongraph_server.front.application import Front
from sanctiongraph_server.watching import Watch

logs.configure()
_settings = from_environment()
_watch = Watch(_settings)
_application = create_app(_settings, watch=_watch)
_application.extensions[READERS].start()

app = Front(
    _application,
    _settings,
    before=[watched_front.admitting(_watch)],
    after=[watched_front.telling(_watch)],
)
