"""Nobody waits for a model that fails."""

from adapters.llm.breaker import LONGEST_REST, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_rests_after_three_failures_in_a_row_and_not_before() -> None:
    breaker = Breaker(Clock())
    assert [breaker.fail(), breaker.fail()] == [False, False]
    assert breaker.admit()
    assert breaker.fail()
    assert not breaker.admit()


def test_a_success_between_failures_forgets_them() -> None:
    breaker = Breaker(Clock())
    for _ in range(5):
        breaker.fail()
        breaker.fail()
        breaker.succeed()
    assert breaker.admit()


def test_after_its_rest_one_call_tries_and_the_others_wait_for_it() -> None:
    clock = Clock()
    breaker = Breaker(clock, failures=1, rest=60.0)
    breaker.fail()
    clock.now += 59.9
    assert not breaker.admit()
    clock.now += 0.1
    assert [breaker.admit(), breaker.admit()] == [True, False]
    breaker.succeed()
    assert [breaker.admit(), breaker.admit()] == [True, True]


def test_a_trial_that_fails_begins_another_rest() -> None:
    clock = Clock()
    breaker = Breaker(clock, failures=3, rest=60.0)
    for _ in range(3):
        breaker.fail()
    clock.now += 60.0
    assert breaker.admit()
    assert breaker.fail()
    clock.now += 59.0
    assert not breaker.admit()


def test_a_trial_that_is_never_heard_of_again_blocks_nobody_for_good() -> None:
    clock = Clock()
    breaker = Breaker(clock, failures=1, rest=60.0)
    breaker.fail()
    clock.now += 60.0
    assert breaker.admit()
    clock.now += 60.0
    assert breaker.admit()


def test_it_rests_as_long_as_it_is_asked_to_within_reason() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert breaker.fail(20.0)
    clock.now += 19.0
    assert not breaker.admit()
    clock.now += 1.0
    assert breaker.admit()
    breaker.fail(1e9)
    clock.now += LONGEST_REST
    assert breaker.admit()
