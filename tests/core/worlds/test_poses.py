"""Environments are put into states of one's own: what is observed, where the picture shows it, how it goes on from there."""

import math

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from core.worlds.copies import make_environment
from core.worlds.gym_environment import GymEnvironment
from core.worlds.library import open_world
from core.worlds.poses import Pose, State, pose_for, pose_of, poses, within

STATES: dict[str, tuple[State, ...]] = {
    "CartPole-v1": ((0.5, -1.0, 0.1, 0.5), (-2.0, 0.0, -0.2, 0.0)),
    "MountainCar-v0": ((-0.8, 0.03), (0.3, -0.05)),
    "Acrobot-v1": ((0.4, -0.9, 1.0, 2.0), (-2.5, 2.0, 0.0, 0.0)),
    "LunarLander-v3": ((0.3, 0.9, -0.2, -0.4, 0.25, 0.1), (-0.6, 0.5, 0.0, 0.0, -0.5, 0.0)),
    "FrozenLake-v1": ((6.0,), (15.0,)),
    "FrozenLake8x8-v1": ((42.0,),),
    "CliffWalking-v1": ((17.0,),),
    "Taxi-v4": ((2.0, 3.0, 1.0, 2.0), (4.0, 0.0, 4.0, 0.0)),
}
CASES = [(name, state) for name, states in STATES.items() for state in states]


def opened(name: str, render: bool = False) -> tuple[GymEnvironment, Pose]:
    if name.startswith("Lunar"):
        pytest.importorskip("Box2D")
    environment = GymEnvironment(open_world(f"gym:{name}"), Generator(PCG64(1)), render)  # type: ignore[arg-type]
    pose = pose_of(environment.env.unwrapped)
    assert pose is not None
    return environment, pose


def test_every_pose_is_tried_here() -> None:
    assert {type(opened(name)[1]) for name in STATES} == {type(pose) for pose in poses().values()}


@pytest.mark.parametrize(("name", "state"), CASES)
def test_a_state_that_was_set_is_there_and_observed(name: str, state: State) -> None:
    environment, pose = opened(name)
    for _ in range(3):
        environment.step(0)
    environment.pose(lambda bare: pose.place(bare, state))
    bare = environment.env.unwrapped
    assert pose.read(bare) == pytest.approx(state, abs=1e-5)
    assert within(pose.quantities(bare), state) == state and len(pose.quantities(bare)) == len(state)
    assert environment.actions == []
    if environment.env.spec is not None and environment.env.spec.max_episode_steps:
        assert environment.env.get_wrapper_attr("_elapsed_steps") == 0
    inside = bare.state if name.startswith(("Cart", "Mountain")) else None
    if inside is not None:
        np.testing.assert_allclose(environment.observation, inside, rtol=1e-6)
    if pose.whole:
        assert environment.state == bare.s and environment.observation[bare.s] == 1
    environment.step(0)
    environment.close()


def test_acrobot_and_lander_observe_what_their_own_code_does() -> None:
    environment, pose = opened("Acrobot-v1")
    environment.pose(lambda bare: pose.place(bare, (0.4, -0.9, 1.0, 2.0)))
    np.testing.assert_allclose(environment.observation, environment.env.unwrapped._get_ob(), atol=1e-6)  # type: ignore[attr-defined]
    lander, pose = opened("LunarLander-v3")
    lander.pose(lambda bare: pose.place(bare, (0.3, 0.9, -0.2, -0.4, 0.25, 0.1)))
    posed = lander.observation
    outcome = lander.step(0)
    np.testing.assert_allclose(lander.observation, posed, atol=0.06)
    assert abs(outcome.reward) < 8, "the first step is rewarded for its own progress, not for the way to where it was put"


def test_a_lander_put_somewhere_is_in_one_piece() -> None:
    lander, pose = opened("LunarLander-v3")
    bare = lander.env.unwrapped

    def arms() -> list[float]:
        return [math.dist(leg.position, bare.lander.position) for leg in bare.legs]  # type: ignore[attr-defined]

    before = arms()
    pose.place(bare, (-0.5, 0.6, 0.1, 0.0, 0.7, -0.3))
    assert arms() == pytest.approx(before, abs=1e-4)


@pytest.mark.parametrize(("name", "state"), CASES)
def test_a_handle_dragged_where_it_is_changes_nothing(name: str, state: State) -> None:
    environment, pose = opened(name)
    bare = environment.env.unwrapped
    for place, handle in enumerate(pose.handles(bare, state)):
        assert 0 <= handle.x <= 1 and 0 <= handle.y <= 1
        assert pose.drag(bare, state, place, handle.x, handle.y) == pytest.approx(state, abs=1e-6)


@pytest.mark.parametrize(("name", "state", "handle", "to", "after"), [
    ("CartPole-v1", (0.0, 1.0, 0.0, 0.0), 0, (0.75, 0.1), (1.2, 1.0, 0.0, 0.0)),
    ("CartPole-v1", (0.0, 1.0, 0.0, 2.0), 1, (0.5 + 20 / 600, 0.48125), (0.0, 1.0, math.atan2(20, 100), 2.0)),
    ("MountainCar-v0", (-0.5, 0.02), 0, (0.5, 0.2), (-0.3, 0.02)),
    ("Acrobot-v1", (0.0, 0.0, 1.0, 2.0), 0, (0.9, 0.5), (math.pi / 2, 0.0, 1.0, 2.0)),
    ("Acrobot-v1", (0.0, 0.0, 1.0, 2.0), 1, (0.5, 0.6), (0.0, math.pi, 1.0, 2.0)),
    ("FrozenLake-v1", (0.0,), 0, (0.6, 0.3), (6.0,)),
    ("CliffWalking-v1", (36.0,), 0, (0.99, 0.01), (11.0,)),
    ("Taxi-v4", (2.0, 2.0, 0.0, 1.0), 1, (0.5, 0.99), (2.0, 2.0, 3.0, 1.0)),
    ("Taxi-v4", (2.0, 2.0, 0.0, 1.0), 2, (0.0, 0.99), (2.0, 2.0, 0.0, 2.0)),
])  # fmt: skip
def test_dragging_goes_where_the_mouse_is(name: str, state: State, handle: int, to: tuple[float, float], after: State) -> None:
    environment, pose = opened(name)
    got = pose.drag(environment.env.unwrapped, state, handle, *to)
    assert np.abs(np.array(got)) == pytest.approx(np.abs(np.array(after)), abs=1e-9)


@pytest.mark.parametrize("name", ["CartPole-v1", "MountainCar-v0", "Acrobot-v1", "LunarLander-v3", "Taxi-v4", "FrozenLake-v1"])
def test_the_picture_changes_where_the_handle_is(name: str) -> None:
    """Two states differ in the picture near where the handle says that it is in either."""
    environment, pose = opened(name, render=True)
    states = {
        "CartPole-v1": ((-1.5, 0, 0, 0), (1.5, 0, 0, 0)),
        "MountainCar-v0": ((-1.0, 0.0), (0.2, 0.0)),
        "Acrobot-v1": ((0.5, 0.5, 0, 0), (-0.8, -0.5, 0, 0)),
        "LunarLander-v3": ((-0.6, 1.2, 0, 0, 0, 0), (0.6, 0.8, 0, 0, 0, 0)),
        "Taxi-v4": ((0, 1, 3, 2), (3, 3, 1, 0)),
        "FrozenLake-v1": ((1,), (10,)),
    }[name]
    pictures = []
    for state in states:
        environment.pose(lambda bare, state=state: pose.place(bare, state))  # type: ignore[misc]
        picture = environment.render()
        assert picture is not None
        pictures.append(picture.astype(int))
    changed = np.abs(pictures[0] - pictures[1]).sum(axis=2) > 0
    height, width = changed.shape
    for state in states:
        for handle in pose.handles(environment.env.unwrapped, state):
            row, column = round(handle.y * height), round(handle.x * width)
            assert changed[max(row - 28, 0) : row + 28, max(column - 28, 0) : column + 28].any(), handle
    environment.close()


def test_unknown_environments_have_no_pose() -> None:
    assert pose_of(make_environment(open_world("grid/lecture-3x4"), Generator(PCG64(0)))) is None


@pytest.mark.parametrize("name", STATES)
def test_a_pose_is_offered_where_it_sees_what_the_environment_shows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, pose = opened(name)
    first = environment.observation
    assert pose_for(environment) is pose
    np.testing.assert_array_equal(environment.observation, first)
    place = type(pose).place
    monkeypatch.setattr(type(pose), "place", lambda self, bare, state: np.zeros(3) if place(self, bare, state) is not None else None)
    assert pose_for(environment) is None
    np.testing.assert_array_equal(environment.observation, first)
