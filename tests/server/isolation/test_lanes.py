"""Who gets a reader when: the rules alone, without processes."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import Overloaded
from sanctiongraph_server.readers.handle import Handle
from sanctiongraph_server.readers.lanes import SHORTEST_SLICE, SHORTEST_TURN, Job, Lanes, Verdict


def reader() -> Handle:
    return cast(Handle, object())


def lanes(readers: int = 4, queue: int = 10) -> Lanes:
    made = Lanes(readers, queue)
    made.free += [reader() for _ in range(readers + 2)]
    return made


def admitted(lanes: Lanes, many: int = 1) -> list[Job]:
    jobs = [Job(deadline=1e9) for _ in range(many)]
    for job in jobs:
        lanes.admit(job)
    while lanes.assign():
        pass
    return jobs


def test_no_more_run_than_may_though_readers_are_free() -> None:
    made = lanes()
    jobs = admitted(made, 5)
    assert [job.reader is not None for job in jobs] == [True] * 4 + [False]
    assert len(made.free) == 2


def test_as_many_begin_as_may_at_once_and_another_after_a_turn() -> None:
    made = Lanes(4, 10, at_once=1)
    made.free += [reader() for _ in range(6)]
    jobs = admitted(made, 3)
    assert [job.reader is not None for job in jobs] == [True, False, False]
    assert made.to_step_back() == []
    jobs[0].turn_over = True
    assert made.assign()
    assert not made.assign()
    assert made.running == jobs[:2]
    made.remove(jobs[1])
    assert made.assign()
    assert made.running == [jobs[0], jobs[2]]


def test_slices_and_turns_grow_with_what_tasks_need_that_end_and_shrink_again() -> None:
    made = lanes()
    assert (made.turn(), made.slice()) == (SHORTEST_TURN, SHORTEST_SLICE)
    made.ended(0.04)  # one alone says nothing
    assert (made.turn(), made.slice()) == (SHORTEST_TURN, SHORTEST_SLICE)
    for _ in range(80):
        made.ended(0.04)
    assert (made.turn(), made.slice()) == (pytest.approx(0.08), pytest.approx(0.16))
    for _ in range(80):
        made.ended(30)
    assert (made.turn(), made.slice()) == (0.1, 0.5)
    for _ in range(40):
        made.ended(0.002)
    assert (made.turn(), made.slice()) == (SHORTEST_TURN, SHORTEST_SLICE)


def test_who_steps_back_keeps_nobody_from_beginning() -> None:
    made = Lanes(2, 10, at_once=1)
    made.free += [reader() for _ in range(4)]
    (long,) = admitted(made, 1)
    long.turn_over, long.long_since = True, 1.0
    made.remove(long)
    made.again(long)
    (new,) = admitted(made, 1)
    assert made.running == [long, new]


def test_the_queue_has_a_bound_beyond_what_runs() -> None:
    made = lanes(readers=2, queue=3)
    admitted(made, 5)
    with pytest.raises(Overloaded) as caught:
        made.admit(Job(deadline=1e9))
    assert caught.value.retry_after >= 1


def test_a_queue_of_none_still_lets_as_many_run_as_may() -> None:
    made = Lanes(2, 0)
    for _ in range(2):
        made.admit(Job(deadline=1e9))  # no reader is there yet, but will be
    with pytest.raises(Overloaded):
        made.admit(Job(deadline=1e9))


def test_long_jobs_go_on_while_nobody_waits() -> None:
    made = lanes()
    for number, job in enumerate(admitted(made, 4)):
        job.long_since = float(number)
    assert made.to_step_back() == []


def test_where_somebody_waits_the_youngest_long_job_steps_back() -> None:
    made = lanes()
    jobs = admitted(made, 5)
    for number, job in enumerate(jobs[:4]):
        job.long_since = float(number)
    assert made.to_step_back() == [jobs[3]]
    # It is on its way out, so that nobody else has to.
    jobs[3].verdict = Verdict.STEPS_BACK
    assert made.to_step_back() == []


def test_half_of_the_readers_are_left_to_long_jobs() -> None:
    made = lanes()
    jobs = admitted(made, 10)
    for number, job in enumerate(jobs[:4]):
        job.long_since = float(number)
    assert made.to_step_back() == [jobs[3], jobs[2]]


def test_who_stepped_back_waits_for_a_reader_of_the_long_lane() -> None:
    made = lanes()
    jobs = admitted(made, 6)
    for number, job in enumerate(jobs[:3]):
        job.long_since = float(number)
    gone = jobs[2]
    made.remove(gone)
    made.again(gone)
    while made.assign():
        pass
    # The reader went to one who is new, since two long jobs run already.
    assert gone in made.long_waiting
    assert jobs[4] in made.running
    made.free.append(reader())
    made.remove(jobs[0])
    while made.assign():
        pass
    assert gone in made.running


@given(st.data())
def test_whatever_happens_nobody_is_lost_and_nobody_runs_twice(data: st.DataObject) -> None:
    """Random histories of the four things that can happen to jobs."""
    at_once = data.draw(st.none() | st.integers(1, 2))
    made = Lanes(data.draw(st.integers(1, 4)), data.draw(st.integers(0, 4)), at_once)
    made.free += [reader() for _ in range(6)]
    alive: list[Job] = []
    for clock in range(data.draw(st.integers(1, 40))):
        match data.draw(st.sampled_from(("new", "turn", "long", "done", "settle"))):
            case "new":
                job = Job(deadline=1e9)
                try:
                    made.admit(job)
                except Overloaded:
                    continue
                alive.append(job)
            case "turn" if made.running:
                data.draw(st.sampled_from(made.running)).turn_over = True
            case "long" if made.running:
                job = data.draw(st.sampled_from(made.running))
                job.turn_over, job.long_since = True, job.long_since or float(clock + 1)
            case "done" if made.running:
                job = data.draw(st.sampled_from(made.running))
                _ended(made, job)
                alive.remove(job)
            case "settle":
                while made.assign():
                    pass
                for job in made.to_step_back():
                    _ended(made, job)
                    made.again(job)
        places: list[Any] = [*made.running, *made.waiting, *made.long_waiting]
        assert len(places) == len(alive)
        assert set(places) == set(alive)
        assert len({id(job.reader) for job in made.running}) == len(made.running)
        assert len(made.free) + len(made.running) == 6
    while made.running or made.waiting or made.long_waiting:
        while made.assign():
            pass
        _ended(made, made.running[0])


def _ended(made: Lanes, job: Job) -> None:
    assert job.reader is not None
    made.free.append(job.reader)
    job.reader = None
    made.remove(job)
