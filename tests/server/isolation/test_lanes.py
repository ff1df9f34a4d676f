"""Who gets a reader when: the rules alone, without processes."""

from __future__ import annotations

import itertools
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctiongraph.errors import Overloaded
from sanctiongraph_server.readers.handle import Handle
from sanctiongraph_server.readers.lanes import LEAST_CHANCE, SHORTEST_TURN, Job, Lanes, Verdict


def reader() -> Handle:
    return cast(Handle, object())


def lanes(readers: int = 4, queue: int = 10, most_paused: int = 0) -> Lanes:
    made = Lanes(readers, queue, most_paused=most_paused)
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


def test_turns_and_chances_grow_with_what_tasks_need_that_end_and_shrink_again() -> None:
    made = lanes()
    assert (made.turn(), made.chance()) == (SHORTEST_TURN, LEAST_CHANCE)
    made.ended(0.04)  # one alone says nothing
    assert (made.turn(), made.chance()) == (SHORTEST_TURN, LEAST_CHANCE)
    for _ in range(80):
        made.ended(0.04)
    assert (made.turn(), made.chance()) == (pytest.approx(0.08), pytest.approx(0.08))
    for _ in range(80):
        made.ended(30)
    assert (made.turn(), made.chance()) == (0.1, 0.25)
    for _ in range(40):
        made.ended(0.002)
    assert (made.turn(), made.chance()) == (SHORTEST_TURN, LEAST_CHANCE)


def test_who_steps_back_keeps_nobody_from_beginning() -> None:
    made = Lanes(2, 10, at_once=1)
    made.free += [reader() for _ in range(4)]
    (first,) = admitted(made, 1)
    long(first)
    made.remove(first)
    made.again(first)
    (new,) = admitted(made, 1)
    assert made.running == [first, new]


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
    long(*admitted(made, 4))
    assert made.to_step_back() == []
    assert made.pause() is None


def test_where_somebody_waits_the_youngest_long_job_steps_back_that_had_its_chance() -> None:
    made = lanes()
    jobs = admitted(made, 5)
    long(*jobs[:4])
    assert made.to_step_back() == []
    jobs[1].had_its_chance = jobs[2].had_its_chance = True
    assert made.to_step_back() == [jobs[2]]
    # It is on its way out, so that nobody else has to.
    jobs[2].verdict = Verdict.STEPS_BACK
    assert made.to_step_back() == []


def test_half_of_the_readers_are_left_to_long_jobs() -> None:
    made = lanes()
    jobs = admitted(made, 10)
    long(*jobs[:4], had_its_chance=True)
    assert made.to_step_back() == [jobs[3], jobs[2]]


def test_who_stepped_back_waits_for_a_reader_of_the_long_lane() -> None:
    made = lanes()
    jobs = admitted(made, 6)
    long(*jobs[:3])
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


def test_where_somebody_waits_the_youngest_long_job_is_paused_and_keeps_its_reader() -> None:
    made = lanes(most_paused=2)
    jobs = admitted(made, 6)
    long(*jobs[:4])
    its = jobs[3].reader
    assert made.pause() is jobs[3]
    assert made.assign()
    assert jobs[4] in made.running
    assert made.pause() is jobs[2]
    assert made.to_step_back() == []  # two long ones are left, which is half
    assert made.go_on() is None
    made.remove(jobs[0])
    assert made.go_on() is jobs[3]
    assert jobs[3].reader is its


def test_nobody_is_paused_for_one_who_has_no_reader_to_begin_with() -> None:
    made = lanes(most_paused=2)
    jobs = admitted(made, 5)
    long(*jobs[:4])
    made.free.clear()
    assert made.pause() is None


def test_beyond_those_who_may_be_paused_one_is_stopped() -> None:
    made = lanes(readers=2, most_paused=1)
    jobs = admitted(made, 4)
    long(*jobs[:2], had_its_chance=True)
    assert made.to_step_back() == []
    assert made.pause() is jobs[1]
    assert made.assign()
    long(jobs[2], had_its_chance=True)
    assert made.pause() is None
    assert made.to_step_back() == [jobs[2]]


def test_long_jobs_take_turns() -> None:
    made = lanes(readers=2, most_paused=2)
    one, two, _ = admitted(made, 3)
    long(one, two)
    assert made.take_turns(one) is None  # nobody is paused
    assert made.pause() is two
    assert made.take_turns(two) is None  # it does not run
    assert made.take_turns(one) is two
    assert list(made.paused) == [one]
    two.replying = True
    assert made.take_turns(two) is None


def test_whose_reply_comes_is_left_alone() -> None:
    made = lanes(readers=2, most_paused=2)
    one, two, _ = admitted(made, 3)
    long(one, two, had_its_chance=True)
    assert made.pause() is two
    assert made.to_reply(two)
    assert made.running == [one, two]
    assert not made.to_reply(one)
    admitted(made, 2)
    assert made.pause() is None
    assert made.to_step_back() == []


def test_as_many_long_jobs_go_on_as_get_a_processor_each() -> None:
    made = Lanes(4, 10, at_once=1)
    made.free += [reader() for _ in range(8)]
    jobs = [*admitted(made, 1), *admitted(made, 1)]
    long(jobs[0])
    while made.assign():
        pass
    long(jobs[1])
    assert made.pause() is None
    for _ in range(4):
        made.got(0.5)
    assert made.pause() is jobs[1]  # though nobody waits
    assert made.pause() is None  # as many as begin at once are left in any case
    made.got(0.8)
    assert made.go_on() is None
    made.got(0.99)
    assert made.go_on() is jobs[1]


def long(*jobs: Job, had_its_chance: bool = False) -> None:
    for job in jobs:
        job.turn_over, job.long_since = True, float(next(_clock))
        job.had_its_chance = had_its_chance


_clock = itertools.count(1)


@given(st.data())
def test_whatever_happens_nobody_is_lost_and_nobody_runs_twice(data: st.DataObject) -> None:
    """Random histories of what can happen to jobs."""
    at_once = data.draw(st.none() | st.integers(1, 2))
    readers, most_paused = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 2))
    made = Lanes(readers, data.draw(st.integers(0, 4)), at_once, most_paused)
    made.free += [reader() for _ in range(6)]
    alive: list[Job] = []
    events = ("new", "turn", "long", "chance", "share", "turns", "reply", "done", "settle")
    for _ in range(data.draw(st.integers(1, 40))):
        match data.draw(st.sampled_from(events)):
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
                long(data.draw(st.sampled_from(made.running)))
            case "chance" if made.running:
                data.draw(st.sampled_from(made.running)).had_its_chance = True
            case "share":
                made.got(data.draw(st.floats(0, 1)))
            case "turns" if made.running:
                made.take_turns(data.draw(st.sampled_from(made.running)))
            case "reply" if made.running or made.paused:
                made.to_reply(data.draw(st.sampled_from([*made.running, *made.paused])))
            case "done" if made.running or made.paused:
                job = data.draw(st.sampled_from([*made.running, *made.paused]))
                _ended(made, job)
                alive.remove(job)
            case "settle":
                _settled(made)
                for job in made.to_step_back():
                    _ended(made, job)
                    made.again(job)
        at_work: list[Any] = [*made.running, *made.paused]
        assert len(made.all()) == len(alive)
        assert set(made.all()) == set(alive)
        assert len({id(job.reader) for job in at_work}) == len(at_work)
        assert len(made.free) + len(at_work) == 6
        assert len(made.paused) <= most_paused
    while made.all():
        _settled(made)
        _ended(made, made.running[0])


def _settled(made: Lanes) -> None:
    while made.go_on() or made.assign() or made.pause():
        pass


def _ended(made: Lanes, job: Job) -> None:
    assert job.reader is not None
    made.free.append(job.reader)
    job.reader = None
    made.remove(job)
