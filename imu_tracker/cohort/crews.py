"""Those who do the work: processes of this machine, or a Dask cluster. Both take a function and a job, and give a future."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, Self, TypeVar, cast

from imu_tracker import __version__
from imu_tracker.errors import ImuTrackerError, UsageError

One = TypeVar("One")
Answer = TypeVar("Answer")

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_PATIENCE_S = 15.0  # for a scheduler to answer, and for a first worker to join it
_DEPTH = 2  # jobs in flight for each thread of a cluster, so that none waits for the way there and back
_FEWEST = 32  # ... and at least so many: workers may join later


class Crew(Protocol):
    """A future that raises says that its worker was lost: the function itself never raises.

    slots: how many jobs it takes at once. tries: how often a job may lose a worker before it is taken for the cause.
    """

    slots: int
    tries: int

    def submit(self, work: Callable[[One], Answer], job: One) -> Future[Answer]:
        """Begin a job; there must be a free slot."""

    def check(self) -> None:
        """Raise ImuTrackerError where nobody is left to do the work."""


class LocalCrew:
    """Processes of this machine. Each is a pool of its own, so that one that dies takes one job along, and that job is known.

    As a context manager it ends them; at once where the block ends in an exception.
    """

    tries = 2  # the first may have been chance, such as the system's want of memory

    def __init__(self, workers: int) -> None:
        self.slots = workers
        # A fresh process each: a fork would copy this one's threads in whatever state they are.
        self._context = multiprocessing.get_context("spawn")
        self._before = set(multiprocessing.active_children())
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future[Any], ProcessPoolExecutor] = {}

    def submit(self, work: Callable[[One], Answer], job: One) -> Future[Answer]:
        """As `Crew` says."""
        for future in [f for f in self._busy if f.done()]:
            pool = self._busy.pop(future)
            if future.exception() is None:
                self._idle.append(pool)
            else:
                pool.shutdown(wait=False)
        while True:
            pool = self._idle.pop() if self._idle else ProcessPoolExecutor(1, self._context, _begin)
            try:
                with _interruptions_wait():
                    begun = pool.submit(work, job)
            except BrokenProcessPool:  # killed while it was idle
                pool.shutdown(wait=False)
                continue
            self._busy[begun] = pool
            return begun

    def check(self) -> None:
        """As `Crew` says: new processes can always be made."""

    def __enter__(self) -> Self:
        """The crew itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """End the processes."""
        if kind is not None:
            for child in set(multiprocessing.active_children()) - self._before:
                child.kill()
        for pool in (*self._idle, *self._busy.values()):
            pool.shutdown(cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextmanager
def _interruptions_wait() -> Iterator[None]:
    """Hold back Ctrl-C, which the terminal sends to all: a process begun in here would die of it with a traceback."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """In a new worker, before numpy is there: one thread each, Ctrl-C is for the parent, and no worker outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    parent = multiprocessing.parent_process()
    if parent is not None:

        def end_with_it() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=end_with_it, daemon=True).start()


class ClusterCrew:
    """The workers of a Dask cluster; they need this package in this version, and the recordings under the same paths.

    Raises UsageError where the extra `cluster` isn't installed, ImuTrackerError where the cluster can't be used.
    """

    tries = 1  # the scheduler itself gives a job to others, three times

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError as e:
            raise UsageError("--scheduler needs the extra `cluster`: pip install 'imu-tracker[cluster]'.") from e
        for name in [n for n in logging.root.manager.loggerDict if n.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what they have to say comes as exceptions, too
        self._address, dask = address, cast(Any, distributed)  # which has no types
        try:
            dask.comm.resolve_address(address)  # raises where it is none: a client would only try, and not give up
            self._client: Any = dask.Client(address, timeout=_PATIENCE_S, set_as_default=False)
        except (OSError, ValueError) as e:
            raise ImuTrackerError(f"There is no Dask scheduler at {address} ({e or 'no answer'}).") from e
        try:
            self._begin_work()
        except BaseException:
            self._client.close()
            raise

    def _begin_work(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE_S)
        except TimeoutError as e:
            raise ImuTrackerError(f"The cluster at {self._address} has no worker; start one with `dask worker`.") from e
        try:
            theirs = set(self._client.run(version).values())
        except Exception as e:  # as it failed there: mostly for want of the package
            raise ImuTrackerError(f"The workers of {self._address} can't run imu-tracker ({type(e).__name__}: {e}).") from e
        if theirs != {__version__}:
            raise ImuTrackerError(f"The workers have imu-tracker {', '.join(sorted(theirs))}, here it is {__version__}.")
        self.slots = max(_FEWEST, _DEPTH * sum(self._client.nthreads().values()))
        self._executor = self._client.get_executor()

    def submit(self, work: Callable[[One], Answer], job: One) -> Future[Answer]:
        """As `Crew` says."""
        future: Future[Answer] = self._executor.submit(work, job)
        return future

    def check(self) -> None:
        """As `Crew` says."""
        if self._client.status != "running":
            raise ImuTrackerError(f"The scheduler at {self._address} is gone.")

    def __enter__(self) -> Self:
        """The crew itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Leave the cluster as it is; jobs that aren't done are taken back."""
        self._executor.shutdown(wait=kind is None)
        self._client.close()


def version() -> str:
    """The package's version where this is run."""
    return __version__
