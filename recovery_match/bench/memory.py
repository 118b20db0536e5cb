"""How much memory this process holds and held at most, in MB of 10**6 bytes.

Linux tells both, and forgets the peak on request. Elsewhere only the peak of the process's whole life is known: then
the memory held before something is that peak too, and what is measured is what it adds to it.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")
_UNIT = 1 if sys.platform == "darwin" else 1024


def held() -> float:
    """What is held now."""
    return _told("VmRSS")


def peak() -> float:
    """The most that was held since `forget_peak`.

    Not asked of getrusage where it can be helped: a process started by another begins with the other's peak there.
    """
    return _told("VmHWM")


def forget_peak() -> None:
    """Start anew, where the system lets us."""
    with suppress(OSError):
        _FORGET.write_text("5")


def _told(field: str) -> float:
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024 / 1e6
