"""Which schedulers may be used.  Whoever reaches a Dask scheduler or worker can run code there."""

from __future__ import annotations

import ipaddress

from distributed.comm.addressing import parse_address, parse_host_port

from grader.model.faults import FaultError

DEFAULT_PORT = 8786


class ScaleError(FaultError):
    """The cluster cannot be used; the text says why, and what to do."""


def checked_address(address: str) -> str:
    """The address with its scheme, if it is TLS, or plain TCP on this machine's loopback.

    Names are not looked up, but for "localhost": what they mean is up to others.

    Raises:
        ScaleError: anybody on the network could run code there, or it is no address.
    """
    scheme, place = parse_address(address)
    try:
        host, port = parse_host_port(place, DEFAULT_PORT)
    except ValueError as error:
        raise ScaleError(f"{address} is no address of a scheduler: {error}") from None
    if scheme == "tls" or (scheme == "tcp" and _is_loopback(host)):
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
    raise ScaleError(
        f"{address} is refused: Dask runs code for whoever connects, so it has to listen on this machine's loopback "
        "(127.0.0.1) or to speak TLS (tls://HOST:PORT, with certificates in Dask's configuration). See docs/scale.md"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
