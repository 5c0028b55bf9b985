"""Which addresses are ever contacted: the known push services on port 443, and origins that the operator named.

An endpoint comes from a browser, that is from anybody. Its text is checked when it is stored and again before it is used;
the address behind its name is checked at the very socket that is about to connect, so that no second look-up can
answer differently. An origin named in SELFCARE_PUSH_ALLOWED_ORIGINS may be a private address, and may be http.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

# Google (Chrome, Edge on Android, Samsung and others), Mozilla, Apple, Microsoft.
KNOWN_HOSTS = frozenset({"fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"})
KNOWN_PARENTS = (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")

MAX_LENGTH = 2048  # characters; the longest seen in use have about 500

# Letters that a browser's own serialiser gives, and nothing that two parsers may read differently: no user part,
# no backslash, no fragment, no blank, no percent-encoded host.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~:/?!$&'()*+,;=@%\[\]|-]*)?",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"https": 443, "http": 80}


class Refused(ValueError):
    """This address is never contacted. The message says why, for logs; it repeats nothing of the address."""


@dataclass(frozen=True)
class Endpoint:
    """An address that may be contacted. ``origin`` keeps a port other than the default; ``named``: by the operator."""

    url: str
    origin: str
    named: bool


class Guard:
    """The rule for one service: the known hosts plus these origins."""

    def __init__(self, origins: frozenset[str] = frozenset()) -> None:
        """Take the operator's origins.

        :raises ValueError: one of them is no origin.
        """
        self._named = frozenset(map(_origin, origins))

    def check(self, url: str) -> Endpoint:
        """The endpoint if it may be contacted.

        :raises Refused: it may not.
        """
        if len(url) > MAX_LENGTH:
            raise Refused("too long")
        found = _URL.fullmatch(url)
        if found is None:
            raise Refused("no plain https address")
        scheme, host = found["scheme"].lower(), found["host"].lower()
        port = int(found["port"] or _DEFAULT_PORTS[scheme])
        origin = _written(scheme, host, port)
        clean = origin + (found["path"] or "/")
        if origin in self._named:
            return Endpoint(clean, origin, named=True)
        if scheme != "https":
            raise Refused("not https")
        if port != _DEFAULT_PORTS["https"]:
            raise Refused("not port 443")
        if host not in KNOWN_HOSTS and not host.endswith(KNOWN_PARENTS):
            raise Refused("not a known push service")
        if not all(_LABEL.fullmatch(label) for label in host.split(".")):
            raise Refused("no host name")
        return Endpoint(clean, origin, named=False)


_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet: not private, loopback, link-local, mapped onto one, …"""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if "%" in address:  # an interface's own name: link-local
        return False
    inner = _embedded(ip)
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


def _embedded(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to by mapping or translation, if any."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if ip in _NAT64 or ip in _COMPATIBLE:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def _origin(text: str) -> str:
    found = _URL.fullmatch(text)
    if found is None or (found["path"] or "/") != "/":
        raise ValueError(f"SELFCARE_PUSH_ALLOWED_ORIGINS: {text!r} is no origin such as https://push.example")
    scheme = found["scheme"].lower()
    return _written(scheme, found["host"].lower(), int(found["port"] or _DEFAULT_PORTS[scheme]))


def _written(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{host}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{host}:{port}"
