"""Addresses that the gateway may call: read strictly, compared as parsed, never as text.

An address is what RFC 3986 calls a URI with an authority, and less: only ``http`` and ``https``,
only ASCII, a host in one spelling. Whatever programs read differently is refused, not repaired:
user names, back slashes, tabs, dot segments, encoded slashes, numbers that some take for an
IPv4 address. An international host name is written in its ASCII form (``xn--``).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sanctiongraph.errors import BadInput, Forbidden
from sanctiongraph.settings import Settings

_PORTS: Final = {"http": 80, "https": 443}
_SHAPE: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?P<authority>[^/?#]*)(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?)?"
)
_AUTHORITY: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
#: What browsers and C libraries take for a number, and so the host for an IPv4 address.
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_QUERY_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]|%[0-9A-Fa-f]{2})*")
_ESCAPED: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64: Final = ipaddress.IPv6Network("64:ff9b:1::/48")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
#: Slash, back slash, percent sign and what ends strings: servers decode them at different times.
_TRICKS: Final = frozenset({"2F", "5C", "25", "00", "0A", "0D", "09", "23", "3F"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its normal form; ``host`` is without brackets, ``path`` begins with a slash."""

    scheme: str
    host: str
    port: int
    path: str
    query: str | None = None

    @property
    def literal(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The IP address, where the host is one and no name."""
        return _literal(self.host)

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what ``Host`` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query: what a request line says."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(text: str) -> Address:
    """The address in its normal form.

    Raises ``Forbidden`` for one that is not plain; the message says what is wrong with it.
    """
    if not text.isascii() or any(
        ord(character) <= 0x20 or ord(character) == 0x7F for character in text
    ):
        raise Forbidden("it has characters outside printable ASCII; write a host name as xn--")
    match = _SHAPE.fullmatch(text)
    scheme = match["scheme"].lower() if match else ""
    if match is None or scheme not in _PORTS or match["authority"] is None:
        raise Forbidden("only http:// and https:// are called")
    if match["fragment"] is not None:
        raise Forbidden("it has a fragment (#)")
    host, port = _authority(match["authority"], scheme)
    query = match["query"]
    if query is not None and not _QUERY_CHARACTERS.fullmatch(query):
        raise Forbidden("its query has characters that have to be percent-encoded")
    return Address(scheme, host, port, _path(match["path"]), query)


def _authority(text: str, scheme: str) -> tuple[str, int]:
    if "@" in text:
        raise Forbidden("it has a user name (@)")
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise Forbidden("its host is no plain name or IP address")
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not 1 <= port <= 65535:
        raise Forbidden("its port is none")
    return _host(match["host"].lower()), port


def _host(text: str) -> str:
    if text.startswith("["):
        try:
            return str(ipaddress.IPv6Address(text[1:-1]))
        except ValueError:
            raise Forbidden("its host is no IPv6 address") from None
    labels = text.split(".")
    if _NUMBER.fullmatch(labels[-1]) or (labels[-1] == "" and _NUMBER.fullmatch(labels[-2])):
        try:
            return str(ipaddress.IPv4Address(text))
        except ValueError:
            raise Forbidden("an IPv4 address is four decimal numbers with dots") from None
    if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Forbidden("its host is no plain name (no trailing dot, no empty part)")
    return text


def _path(text: str) -> str:
    if not _CHARACTERS.fullmatch(text):
        raise Forbidden("its path has characters that have to be percent-encoded")
    if any(code.upper() in _TRICKS for code in _ESCAPED.findall(text)):
        raise Forbidden("its path has an encoded slash, percent sign or control character")

    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if _UNRESERVED.fullmatch(character) else match[0].upper()

    path = _ESCAPED.sub(plain, text) or "/"
    # Some servers cut off what follows a semicolon before they look at dots.
    if any(segment.partition(";")[0] in {".", ".."} for segment in path.split("/")):
        raise Forbidden("its path has dot segments")
    return path


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the open internet.

    Not so are loopback, private, link-local (where clouds keep their metadata), shared, reserved,
    multicast, and the IPv6 forms that carry an IPv4 address, which is judged in their place.
    """
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if carried is None and ip in _NAT64:
            carried = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if carried is not None:
            return is_public(carried)
        # Site-local, ::a.b.c.d of old, and what a network translates on its own (RFC 8215).
        if ip.is_site_local or int(ip) >> 32 == 0 or ip in _LOCAL_NAT64:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


@dataclass(frozen=True, slots=True)
class AllowList:
    """Which addresses may be called.

    ``prefixes`` are compared by scheme, host and port, and by path in whole segments.
    ``private_hosts`` are names that may lead to addresses that are not public. ``names`` are IRIs
    of services that only other servers evaluate; the gateway never calls them.
    """

    prefixes: tuple[Address, ...] = ()
    private_hosts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.prefixes)

    def admit(self, text: str) -> Address:
        """The address in its normal form; raises ``Forbidden`` where no prefix covers it."""
        try:
            address = parse(text)
        except Forbidden as error:
            raise Forbidden(
                f"{shown(text)} is not called: {error}; the allow-list"
                " (SANCTIONGRAPH_SERVICE_ALLOW) covers plain addresses only"
            ) from None
        if not any(_covers(prefix, address) for prefix in self.prefixes):
            raise Forbidden(
                f"{shown(text)} is not called: no prefix of the allow-list"
                " (SANCTIONGRAPH_SERVICE_ALLOW) covers it"
            )
        return address

    def may_reach(
        self, address: Address, ip: ipaddress.IPv4Address | ipaddress.IPv6Address
    ) -> bool:
        """Whether a host that was admitted may be called at this IP address.

        A name has to lead to the open internet, unless the operator names it as one that need
        not, or it is ``localhost``. An IP address in the allow-list is itself.
        """
        if address.literal is not None:
            return ip == address.literal
        if address.host == "localhost" and ip.is_loopback:  # RFC 6761: the name means no other
            return True
        return address.host in self.private_hosts or is_public(ip)


def _covers(prefix: Address, address: Address) -> bool:
    if (prefix.scheme, prefix.host, prefix.port) != (address.scheme, address.host, address.port):
        return False
    folder = prefix.path if prefix.path.endswith("/") else prefix.path + "/"
    return address.path == prefix.path or address.path.startswith(folder)


def shown(text: str) -> str:
    """An address for a message: short, and without what would act on a terminal."""
    short = text if len(text) <= 200 else text[:200] + "..."
    return "<" + "".join(c if c.isprintable() else "?" for c in short) + ">"


def allow_list_of(settings: Settings) -> AllowList:
    """The allow-list of these settings; raises ``BadInput``."""
    return allow_list(settings.service_allow, settings.service_allow_private)


def allow_list(entries: Iterable[str], private_hosts: Iterable[str] = ()) -> AllowList:
    """The allow-list as an operator writes it.

    An entry with a fragment is the name of a service that only other servers know, such as
    ``http://wikiba.se/ontology#label``. Raises ``BadInput`` for an entry that cannot be used.
    """
    prefixes: list[Address] = []
    names: list[str] = []
    for entry in entries:
        plain, _, fragment = entry.partition("#")
        try:
            prefix = parse(plain)
        except Forbidden as error:
            raise BadInput(
                f"SANCTIONGRAPH_SERVICE_ALLOW has {entry!r}, which cannot be used: {error}. Give"
                " prefixes such as https://query.wikidata.org/sparql"
            ) from error
        if prefix.query is not None:
            raise BadInput(
                f"SANCTIONGRAPH_SERVICE_ALLOW has {entry!r}, which cannot be used: leave out what"
                " follows the question mark"
            )
        if fragment:
            names.append(entry)
        else:
            prefixes.append(prefix)
    hosts: list[str] = []
    for host in private_hosts:
        try:
            hosts.append(_host(host.lower()))
        except Forbidden as error:
            raise BadInput(
                f"SANCTIONGRAPH_SERVICE_ALLOW_PRIVATE has {host!r}, which is no host name: {error}"
            ) from error
    return AllowList(tuple(prefixes), frozenset(hosts), frozenset(names))
