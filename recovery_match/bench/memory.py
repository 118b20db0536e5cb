"""How much memory this process holds and held at most, in MB of 10**6 bytes.

Linux tells both, and forgets the peak on request. Elsewhere only the peak of the process's whole life is known: then
the memory held before something is that peak too, and what is measured is what it adds to it.
"""

import resource
import sys
from contextlib import suppress
from pathlib import Path

import psutil

_STATUS = Path("/proc/self/status")
_FORGET = Path("/proc/self/clear_refs")
_UNIT = 1 if sys.platform == "darwin" else 1024


def held() -> float:
    """What is held now."""
    return _told("VmRSS")


def peak(pid: int | None = None) -> float:
    """The most that was held since `forget_peak`, by this process or another one of ours.

    Not asked of getrusage where it can be helped: a process started by another begins with the other's peak there.
    """
    return _told("VmHWM", pid)


def forget_peak() -> None:
    """Start anew, where the system lets us."""
    with suppress(OSError):
        _FORGET.write_text("5")


def _told(field: str, pid: int | None = None) -> float:
    try:
        lines = (_STATUS if pid is None else Path(f"/proc/{pid}/status")).read_text().splitlines()
    except OSError:
        if pid is not None:
            return float(psutil.Process(pid).memory_info().rss / 1e6)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024 / 1e6
