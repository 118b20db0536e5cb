"""What a process does beside its first answers, so that nobody waits for what could be done before."""

import gc
from threading import Thread


def get_ready() -> None:
    """Have the engine's machine code there, and keep what stays for good out of the search for garbage.

    Everything that is loaded by now is used for as long as the process lives. To look through it all again took a page
    in twenty a tenth of a second and more.
    """
    from matching.engine import rehearse

    rehearse()
    gc.collect()
    gc.freeze()


def get_ready_meanwhile() -> None:
    """The same beside the first pages or tasks."""
    Thread(target=get_ready, name="ready", daemon=True).start()
