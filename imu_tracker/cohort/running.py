"""Jobs through a crew: a few at once, whatever becomes of single workers."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait

from imu_tracker.cohort.crews import Crew
from imu_tracker.cohort.work import Job, Outcome, analysed

_CHECK_S = 5.0  # how often a silent crew is asked whether it is still there
_DEADLY = "whenever it was analysed, the process that did so was killed, as happens for want of memory."


def run(jobs: Iterable[Job], crew: Crew, keep: Callable[[Outcome], None], work: Callable[[Job], Outcome] = analysed) -> None:
    """Do the jobs and hand each outcome to `keep`, in the order in which they come.

    No more jobs are taken from the iterable than the crew has slots for. A job whose worker is lost is given to another, until
    it has lost as many as the crew's `tries`: then it is kept as broken. Raises what `keep` and the crew's `check` raise.
    """
    more = iter(jobs)
    again: deque[Job] = deque()
    lost: Counter[str] = Counter()
    flying: dict[Future[Outcome], Job] = {}

    def fill() -> None:
        while len(flying) < crew.slots:
            job = again.popleft() if again else next(more, None)
            if job is None:
                return
            flying[crew.submit(work, job)] = job

    fill()
    while flying:
        done, _ = wait(flying, _CHECK_S, FIRST_COMPLETED)
        crew.check()
        outcomes = []
        for future in done:
            job = flying.pop(future)
            error = None if future.cancelled() else future.exception()
            if error is None and not future.cancelled():
                outcomes.append(future.result())
                continue
            lost[job.name] += 1
            if lost[job.name] < crew.tries:
                again.append(job)
            else:
                outcomes.append(Outcome(job.name, reason=_DEADLY))
        fill()  # before anything is written, so that nobody waits for the disk
        for outcome in outcomes:
            keep(outcome)
