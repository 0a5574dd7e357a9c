"""Where the app is found: its address with the key to it, and that as a code for a phone's camera."""

from __future__ import annotations

import io
import socket
import sys

from imu_tracker.app.guard import PARAMETER
from imu_tracker.errors import UsageError

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"
NOWHERE = ("10.255.255.255", 1)  # nothing is sent there: the system only says from where it would be


def listening(port: int, lan: bool) -> socket.socket:
    """A socket that browsers can reach, of this machine only or of the network too; raises UsageError where the port is taken."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two servers have the same port
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((EVERYWHERE if lan else LOOPBACK, port))
    except OSError as e:
        taken.close()
        raise UsageError(
            f"Port {port} can't be used ({e.strerror or e}): perhaps the app runs already. --port names another."
        ) from e
    return taken


def lan_address() -> str | None:
    """This machine's address in its network, None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
            found: str = probe.getsockname()[0]
        except OSError:
            return None
    return None if found.startswith("127.") else found


def url(host: str, port: int, token: str) -> str:
    """The address of the first visit."""
    return f"http://{host}:{port}/?{PARAMETER}={token}"


def code(address: str) -> str:
    """An address as a QR code in half-height blocks, for a terminal."""
    import segno

    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, compact=True)
    return out.getvalue()
