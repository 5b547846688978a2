"""A pool of worker processes that ends with its parent, whatever ends the parent."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

#: Seconds between two looks of a worker at its parent.
PARENT_LOOK_SECONDS = 0.25
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux

#: New objects between two looks of the garbage collector in a worker: its chunks hold no cycles.
GC_THRESHOLD = 100_000

Item = TypeVar("Item")
Result = TypeVar("Result")


def _live_with_parent(parent: int, initializer: Callable[[], None] | None) -> None:
    """End this worker when its parent ends: at once on Linux, after a look elsewhere."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_LOOK_SECONDS)
        os._exit(1)

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    threading.Thread(target=watch, daemon=True).start()
    if initializer is not None:
        initializer()


def start_django() -> None:
    """Set a fresh worker process up: settings and apps; connections open when first used."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmis.project.settings")
    django.setup()
    # what is loaded now stays for good: the collector need not look at it again and again
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)


@contextmanager
def worker_pool(
    workers: int, initializer: Callable[[], None] | None = None
) -> Iterator[ProcessPoolExecutor | None]:
    """``workers`` fresh processes, or ``None`` for one worker: then work runs in this process.

    Processes are spawned, not forked, so that no database connection is shared. A worker whose
    parent was killed ends within a moment, so that it cannot commit beside a restarted run.
    """
    if workers <= 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers,
        mp_context=context,
        initializer=_live_with_parent,
        initargs=(os.getpid(), initializer),
    ) as pool:
        yield pool


def ordered(
    pool: ProcessPoolExecutor | None,
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    ahead: int,
) -> Iterator[Result]:
    """Results in the order of the items, at most ``ahead`` of them under way: bounded memory."""
    if pool is None:
        yield from map(work, items)
        return
    waiting: list[Future[Any]] = []
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= ahead:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()
