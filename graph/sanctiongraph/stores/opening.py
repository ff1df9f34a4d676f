"""From the settings to the store that they name."""

from __future__ import annotations

from sanctiongraph.settings import Settings
from sanctiongraph.stores import dialects
from sanctiongraph.stores.connection import Connection, Credentials, split
from sanctiongraph.stores.dialects import Addresses
from sanctiongraph.stores.remote import RemoteStore


def open_store(
    settings: Settings,
    url: str | None = None,
    *,
    timeout: float = 300.0,
    most_bytes: int | None = None,
) -> RemoteStore:
    """The store at ``url``, or else the one that the settings name.

    ``timeout`` is in seconds for each request, ``most_bytes`` the longest answer that is read.
    Where the settings do not say what kind of store it is, the store is asked. Raises ``BadInput``
    for an address or dialect that is none, ``StoreAway`` and ``RemoteFailed`` as ``detected`` does.
    """
    address, given = split(url or settings.store or "")
    credentials = Credentials(
        user=settings.store_user or given.user,
        password=settings.store_password or given.password,
        token=settings.store_token,
    )
    if settings.store_dialect:
        dialect = dialects.named(settings.store_dialect)
    else:
        asking = Connection(timeout=timeout)
        try:
            dialect = dialects.detected(address, asking)
        finally:
            asking.close()
    connection = Connection(
        credentials, timeout=timeout, digest=dialect.digest, most_bytes=most_bytes
    )
    own = dialect.addresses(address)
    addresses = Addresses(
        own.query,
        settings.store_update_url or own.update,
        settings.store_graphs_url or own.graphs,
    )
    return RemoteStore(connection, dialect, addresses)
