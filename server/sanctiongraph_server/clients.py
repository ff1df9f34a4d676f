"""Who asks: the address of a client, for rates and, as a pseudonym, for the log."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from functools import lru_cache
from typing import Final

_ENTRY: Final = re.compile(r"\s*(?:\[([^\]]*)\](?::\d+)?|([^:\s]+)(?::\d+)?|([0-9A-Fa-f:.]+))\s*")
#: What one customer has at least, so counting by single IPv6 addresses would count nobody.
_IPV6_PREFIX: Final = 64


def client_of(peer: str, forwarded_for: str | None, trusted_proxies: int) -> str:
    """The client's address; of IPv6 the network of 64 bits.

    Each proxy adds to ``X-Forwarded-For`` whom it was asked by. With ``trusted_proxies`` of them
    the entry that the outermost one wrote counts; what stands before it, anybody can have made up.
    Where an entry is missing or no address, the gateway was reached some other way, and whoever
    connected counts.
    """
    chain = [*(forwarded_for.split(",") if forwarded_for and trusted_proxies else []), peer]
    chosen = chain[-1 - trusted_proxies] if len(chain) > trusted_proxies else peer
    return _normal(chosen) or _normal(peer) or "unknown"


@lru_cache(maxsize=4096)  # a client asks more than once
def _normal(text: str) -> str | None:
    match = _ENTRY.fullmatch(text)
    try:
        ip = ipaddress.ip_address(next(part for part in match.groups() if part) if match else "")
    except (ValueError, StopIteration):
        return None
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    network = int(ip) >> (128 - _IPV6_PREFIX) << (128 - _IPV6_PREFIX)
    return f"{ipaddress.IPv6Address(network)}/{_IPV6_PREFIX}"


@lru_cache(maxsize=4096)
def pseudonym(client: str, key: bytes) -> str:
    """The same for the same client as long as the key is; without the key it leads nowhere."""
    return hmac.digest(key, client.encode(), hashlib.sha256).hex()[:12]
