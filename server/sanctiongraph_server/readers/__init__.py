"""Processes that evaluate, so that whatever a query does can be ended: see ``docs/gateway.md``."""
