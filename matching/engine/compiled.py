"""Plain typed Python that numba turns into machine code, once for each process, kept on disk between processes.

What is compiled is what decides the speed of a round: the rules and the components of one pair, and the loops over
pairs. A compiled function lets go of the interpreter's lock, so that threads work side by side, and it allocates
nothing: room for its answer is given to it. So numba need not count references to the arrays it looks at, which took
more time than all the rest.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, TypeVar

from numba import config, njit, types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

Int = Any
"""A whole number in compiled code, Python's or one of numpy's."""


def _folder() -> Path | None:
    """The folder to keep machine code in, made if need be; None on a read-only system, where each process compiles.

    numba looks only at the file of a function, and not at those whose functions are compiled into it. So every state
    of the engine's source has a folder of its own, or an old rule could live on inside a newer search.
    """
    here = Path(__file__).parent
    state = hashlib.sha256()
    for source in sorted(here.glob("*.py")):
        state.update(source.read_bytes())
    name = f"engine-{state.hexdigest()[:16]}"
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or here / "__pycache__") / name
    try:
        if shipped := os.environ.get("MACHINE_CODE_DIR"):
            _take_over(Path(shipped) / name, folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _take_over(shipped: Path, folder: Path) -> None:
    """Copy the machine code that came with the program to where it may be added to, unless there is some already.

    Of several processes that start at once one is the first; code for another kind of processor is not used by numba.
    """
    if folder.exists() or not shipped.is_dir():
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = Path(mkdtemp(dir=folder.parent))
    shutil.copytree(shipped, copy, dirs_exist_ok=True)
    copy.chmod(0o700)
    try:
        copy.rename(folder)
    except OSError:
        shutil.rmtree(copy)


FOLDER = _folder()
KEPT = FOLDER is not None
if FOLDER is not None:
    config.CACHE_DIR = str(FOLDER)


def compiled(function: F) -> F:
    """Compile a function at its first call. Nothing here divides by nought, so divisors are not looked at."""
    return njit(nogil=True, cache=KEPT, error_model="numpy", _nrt=False)(function)


def inlined(function: F) -> F:
    """Compile a small function into whatever compiled function calls it."""
    return njit(nogil=True, cache=KEPT, error_model="numpy", _nrt=False, inline="always")(function)


if TYPE_CHECKING:

    def count_bits(word: Any) -> int:
        """Count the ones of a 64-bit word."""

else:

    @intrinsic
    def count_bits(_, word):
        """Count the ones of a 64-bit word by the processor's own instruction."""

        def emit(_context, builder, _signature, arguments):
            return builder.ctpop(arguments[0])

        return types.int64(types.uint64), emit
