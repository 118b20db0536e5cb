"""Things done in a process of their own, so that time and memory are nobody else's."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class ChildFailedError(RuntimeError):
    """The process ended without an answer: mostly, there was not enough memory."""


def in_child(do: Callable[[Task], Answer], task: Task) -> Answer:
    """Do it in a fresh process that inherits nothing, and wait for the answer. What is raised there is raised here.

    Raises:
        ChildFailedError: The process died.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(do, task).result()
        except BrokenProcessPool as error:
            raise ChildFailedError("the process died; was there enough memory?") from error
