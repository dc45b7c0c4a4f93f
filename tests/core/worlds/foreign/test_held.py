"""A learner told to hold still does so between two steps of an environment, and goes on as if nothing had been."""

import signal
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from core.cli.progress import Stop
from core.learner import Budget
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.foreign import running
from core.worlds.foreign.environment import ForeignEnvironment
from core.worlds.gym import GymWorld
from tests.contracts.test_algorithms import same

DEEP = {"widths": [8], "learning_starts": 10, "batch_size": 4}
LEARNERS: list[tuple[str, dict[str, Any]]] = [("dqn", DEEP), ("linear-sarsa-lambda", {}), ("linear-q-learning", {})]


@pytest.mark.parametrize(("algorithm", "config"), LEARNERS)
def test_it_holds_after_the_step_at_hand(
    algorithm: str, config: dict[str, Any], corridor: Callable[..., GymWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = RunSpec(world=corridor(), algorithm=algorithm, config=config, members=2, seed=4, steps=60, device="cpu")
    me, usual, taken = threading.get_ident(), ForeignEnvironment.step, []

    def step(self: ForeignEnvironment, action: int) -> Any:
        taken.append(action)
        if len(taken) == 2 * 25 - 1:
            running.hold(me, True)
        return usual(self, action)

    with closing(Session(spec)) as straight, closing(Session(spec)) as held:
        straight.advance(Budget(60))
        monkeypatch.setattr(ForeignEnvironment, "step", step)
        assert held.advance(Budget(60)).units == 25 and not held.broken
        assert held.advance(Budget(60)).units == 0 == Pacer().slice(held.advance, Budget(60)).units
        running.hold(me, False)
        assert held.advance(Budget(60)).units == 35
        same(straight.learner.state(), held.learner.state())


def test_another_thread_is_not_held(corridor: Callable[..., GymWorld]) -> None:
    with closing(Session(RunSpec(world=corridor(), algorithm="linear-q-learning", steps=5))) as session:
        running.hold(threading.get_ident() + 1, True)
        assert session.advance(Budget(5)).units == 5


def test_members_of_a_slow_environment_are_counted_as_ever(corridor: Callable[..., GymWorld]) -> None:
    spec = RunSpec(world=corridor(), algorithm="linear-sarsa-lambda", members=3, seed=1, episodes=4)
    with closing(Session(spec)) as whole, closing(Session(spec)) as split:
        whole.advance(Budget(10_000))
        while not split.finished:
            split.advance(Budget(7))
        assert whole.finished and whole.boundaries == split.boundaries == 4
        same(whole.learner.state(), split.learner.state())


def test_ctrl_c_does_not_wait_for_many_steps(corridor: Callable[..., GymWorld]) -> None:
    with closing(Session(RunSpec(world=corridor(), algorithm="linear-q-learning", steps=50))) as session:
        with Stop() as stop:
            signal.raise_signal(signal.SIGINT)
            assert stop.asked and session.advance(Budget(50)).units == 0
        assert session.advance(Budget(50)).units == 50
