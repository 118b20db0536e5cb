"""What a process does beside its first answers, so that nobody waits for what could be done before."""

import gc
from threading import Thread

GARBAGE = (10_000, 20, 10)
"""How many new objects there may be until the young ones, the older and all are searched.

With Python's own (700, 10, 10) all were searched in every eighth fetch of a large office's report, and one fetch in
twenty needed 78 ms of CPU instead of 50.
"""


def get_ready() -> None:
    """Have the engine's machine code there, and keep what stays for good out of the search for garbage.

    Everything that is loaded by now is used for as long as the process lives. To look through it all again took a page
    in twenty a tenth of a second and more.
    """
    from matching.engine import rehearse

    rehearse()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def get_ready_meanwhile() -> None:
    """The same beside the first pages or tasks."""
    Thread(target=get_ready, name="ready", daemon=True).start()
