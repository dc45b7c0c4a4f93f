"""The watched episodes: what is ordered happens, nothing of it touches the run, and no piece of work is long."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

from app.viewing import orders
from app.viewing.frames import ViewerFrame
from app.viewing.slicer import SIDE, Slicer
from app.viewing.viewer import Viewer
from core.learner import Budget
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.gym import GymWorld
from core.worlds.library import open_world
from tests.contracts.test_algorithms import same

SMALL = {"learning_starts": 20, "batch_size": 8, "widths": (16,)}
PATIENCE = 60.0


class Theatre:
    """A viewer before a run, at work until something has come about."""

    def __init__(self, world: Any, algorithm: str = "dqn", members: int = 1, seed: int = 3) -> None:
        config = SMALL if algorithm == "dqn" else {}
        named = {"world": open_world(world) if isinstance(world, str) else world, "algorithm": algorithm, "config": config}
        self.session = Session(RunSpec.model_validate(named | {"members": members, "seed": seed, "device": "cpu"}))
        self.filmed: list[tuple[Path, str | None]] = []
        self.viewer = Viewer(lambda path, problem: self.filmed.append((path, problem)))
        self.viewer.open(self.session.spec)

    def order(self, *wanted: orders.Order) -> ViewerFrame:
        for one in wanted:
            self.viewer.direct(one)
        return self.go()

    def go(self) -> ViewerFrame:
        self.viewer.work(self.session.learner)
        frame = self.viewer.frame(self.session.learner)
        assert frame is not None
        return frame

    def until(self, there: Callable[[ViewerFrame], object]) -> ViewerFrame:
        end = time.monotonic() + PATIENCE
        while not there(frame := self.go()):
            assert time.monotonic() < end
        return frame

    def close(self) -> None:
        self.viewer.close()
        self.session.close()


@pytest.fixture
def theatre(request: pytest.FixtureRequest) -> Iterator[Callable[..., Theatre]]:
    made: list[Theatre] = []

    def make(*arguments: Any, **named: Any) -> Theatre:
        made.append(Theatre(*arguments, **named))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_an_episode_can_be_held_stepped_and_begun_anew(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1")
    frame = stage.order(orders.Play(False), orders.Begin(7))
    assert (frame.playing, frame.step, frame.seed) == (False, 0, 7)
    assert stage.go() is frame, "nothing new while it holds still"
    stepped = stage.order(orders.OneStep(), orders.OneStep())
    assert stepped.step == 2 and stepped.episode_return == 2.0 and stepped.discounted == pytest.approx(1.99)
    again = stage.order(orders.Begin(7))
    np.testing.assert_array_equal(again.observation, frame.observation)
    other = stage.order(orders.Begin(None))
    assert other.seed != 7 and other.step == 0


def test_pictures_go_with_observations_and_values_are_those_of_now(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1")
    frame = stage.order(orders.Play(False), orders.OneStep())
    np.testing.assert_array_equal(frame.action_values, stage.session.learner.action_values(stage.viewer.front.environment))
    assert frame.action == int(np.argmax(frame.action_values)) and not frame.explores
    stage.session.advance(Budget(60))
    learnt = stage.go()
    assert learnt is not frame and learnt.picture is frame.picture
    np.testing.assert_array_equal(learnt.action_values, stage.session.learner.action_values(stage.viewer.front.environment))


def test_what_was_expected_is_told_when_the_episode_has_ended(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1")
    first = stage.order(orders.Play(False), orders.Begin(4))
    stage.order(orders.Pace(16.0), orders.Play(True))
    ended = stage.until(lambda frame: frame.ended)
    assert ended.reckoning is not None and len(ended.reckoning.came) == ended.step
    assert ended.reckoning.expected[0] == first.action_values[first.action]
    assert ended.reckoning.came[0] == pytest.approx(ended.discounted) == pytest.approx((1 - 0.99**ended.step) / 0.01)
    later = stage.until(lambda frame: not frame.ended)
    assert later.episode == 2 and later.last_return == ended.episode_return and later.reckoning is ended.reckoning


def test_exploring_takes_random_actions_from_a_stream_of_its_own(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:Taxi-v4", "q-learning")
    stage.order(orders.Play(False), orders.Explore(1.0), orders.Begin(1))
    taken = {stage.order(orders.OneStep()).action for _ in range(40)}
    assert len(taken) == 6
    assert not stage.order(orders.Explore(0.0), orders.OneStep(), orders.OneStep()).explores


@pytest.mark.parametrize("name", ["gym:CartPole-v1", "gym:FrozenLake-v1"])
def test_watching_never_changes_a_number_of_the_run(theatre: Callable[..., Theatre], name: str, tmp_path: Path) -> None:
    watched, alone = theatre(name, members=2), theatre(name, members=2)
    everything = (
        orders.Explore(0.5), orders.Pace(16.0), orders.Show(0, 4), orders.OneStep(), orders.Drag(0, 0.4, 0.4), orders.Slice(0, 1),
        orders.Show(1, 1), orders.Film(tmp_path / "a.gif", 1), orders.Play(True), orders.Steer(True, None, False), orders.Hold(1),
        orders.Hold(None), orders.Steer(False), orders.Cut(), orders.Begin(None),
    )  # fmt: skip
    for order in everything:
        watched.session.advance(Budget(20))
        watched.order(order)
        watched.go()
    alone.session.advance(Budget(20 * len(everything)))
    same(alone.session.learner.state(), watched.session.learner.state())


def test_members_play_side_by_side_from_the_same_starts(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1", members=6)
    frame = stage.order(orders.Play(False), orders.Show(1, 4), orders.Begin(9), orders.OneStep())
    assert [one.member for one in frame.company] == [1, 2, 3, 4] and frame.member == 1 and frame.members == 6
    frame = stage.until(lambda frame: all(one.picture is not None for one in frame.company))
    assert all(one.step == 1 and one.episode_return == 1.0 for one in frame.company)
    assert {seat.environment.episode_seed for seat in stage.viewer.seats} == {9}
    assert [one.member for one in stage.order(orders.Show(4, 9)).company] == [4, 5]
    assert stage.order(orders.Show(0, 1)).company == ()


def test_a_state_that_is_set_is_asked_and_played_on_from(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1")
    frame = stage.order(orders.Put((1.0, 0.5, 0.1, -9.0)))
    assert not frame.playing and frame.step == 0
    np.testing.assert_allclose(frame.observation, [1.0, 0.5, 0.1, -3.5], rtol=1e-6)  # the last is held within its bounds
    np.testing.assert_array_equal(frame.action_values, stage.session.learner.action_values(stage.viewer.front.environment))
    for x in (0.1, 0.3, 0.75):
        stage.viewer.direct(orders.Drag(0, x, 0.5))
    dragged = stage.go()
    assert dragged.posed is not None and dragged.posed.state == pytest.approx((1.2, 0.5, 0.1, -3.5))
    assert stage.order(orders.OneStep()).step == 1
    assert stage.order(orders.Play(True)).playing


def test_you_and_the_agent_play_from_the_same_start(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1")
    frame = stage.order(orders.Steer(True))
    assert frame.steered and frame.waiting and frame.step == 0
    for _ in range(5):
        assert stage.go().step == 0, "nothing moves before the first key"
    stage.order(orders.Hold(1))
    ended = stage.until(lambda frame: frame.ended)
    assert ended.episode_return in (8.0, 9.0, 10.0, 11.0), "all the way to the right"
    score = stage.until(lambda frame: frame.score.agent is not None).score
    assert score.you == score.your_best == ended.episode_return
    seat = stage.viewer.front
    seat.begin_at(ended.seed)
    while not seat.episode.ended:
        seat.step(stage.session.learner)
    assert score.agent == score.agents_best == seat.episode.total
    stage.until(lambda frame: frame.waiting)
    begun = stage.order(orders.Hold(0))
    assert not begun.waiting and not begun.ended and begun.seed != ended.seed
    assert not stage.order(orders.Steer(False)).steered


def test_where_nothing_moves_by_itself_each_key_is_a_step(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CliffWalking-v1", "q-learning")
    stage.order(orders.Steer(True, None, True))
    frame = stage.order(orders.Hold(0), orders.Hold(0), orders.Hold(1))
    assert frame.step == 3 and frame.observation.argmax() == 13
    assert stage.go().step == 3


def test_the_idle_action_is_taken_while_no_key_is_held(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:MountainCar-v0")
    stage.order(orders.Steer(True, 1, False), orders.Hold(2))
    held = stage.until(lambda frame: frame.step == 3)
    assert held.action == 2 and held.observation[1] > 0
    released = stage.order(orders.Hold(None))
    assert released.action == 1


def test_slices_are_the_values_of_their_observations(theatre: Callable[..., Theatre]) -> None:
    stage = theatre("gym:CartPole-v1")
    stage.order(orders.Play(False), orders.Put((0.5, 0.0, 0.05, 0.25)), orders.Slice(2, 3))
    frame = stage.until(lambda frame: frame.slice is not None)
    newest = frame.slice
    assert newest is not None and newest.values.shape == newest.actions.shape == (SIDE, SIDE)
    assert (newest.low, newest.high) == ((-0.2095, -3.5), (0.2095, 3.5))
    for row, column in ((0, 0), (10, 40), (59, 59)):
        at = frame.observation.copy()
        at[2] = -0.2095 + column / (SIDE - 1) * 0.419
        at[3] = -3.5 + row / (SIDE - 1) * 7
        values = stage.session.learner.values_of(at[None])
        assert values is not None
        assert newest.values[row, column] == pytest.approx(values.max(), rel=1e-4)
        assert newest.actions[row, column] == values.argmax()
    stage.order(orders.Slice(0, 1, zero=True))
    zeroed = stage.until(lambda frame: frame.slice is not None and frame.slice.x == 0)
    assert zeroed.slice is not None and zeroed.slice.held.tolist() == [0, 0, 0, 0]


def test_a_slow_learner_makes_maps_in_short_pieces(theatre: Callable[..., Theatre], monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that a thousandth of a second per observation moves: no piece is longer than a few of them."""
    stage, clock = theatre("gym:CartPole-v1"), [0.0]
    monkeypatch.setattr("app.viewing.slicer.time.perf_counter", lambda: clock[0])
    learner, asked = stage.session.learner, list[int]()

    def slow(observations: Any, member: int = 0) -> Any:
        asked.append(len(observations))
        clock[0] += 0.001 * len(observations)
        return np.zeros((len(observations), 2))

    monkeypatch.setattr(learner, "values_of", slow)
    slicer = Slicer()
    slicer.ask(orders.Slice(0, 1))
    environment, world = stage.viewer.front.environment, stage.session.spec.world
    assert isinstance(world, GymWorld)
    calls = 0
    while not slicer.work(world, environment, learner, 0):
        calls += 1
    assert sum(asked) == SIDE * SIDE and max(asked[1:]) <= 60 and max(asked[5:]) <= 3 and calls > 500
    took = clock[0]
    assert not slicer.work(world, environment, learner, 0) and sum(asked) == SIDE * SIDE
    clock[0] = 9.9 * took
    assert not slicer.work(world, environment, learner, 0) and sum(asked) == SIDE * SIDE, "maps take a tenth of the time at most"
    clock[0] = 10.1 * took
    assert not slicer.work(world, environment, learner, 0) and sum(asked) > SIDE * SIDE


@pytest.mark.parametrize("kind", [".gif", ".mp4"])
def test_an_episode_is_recorded_from_start_to_end(theatre: Callable[..., Theatre], tmp_path: Path, kind: str) -> None:
    if kind == ".mp4":
        pytest.importorskip("av")
    stage = theatre("gym:FrozenLake-v1", "q-learning")
    path = tmp_path / f"episode{kind}"
    stage.order(orders.Pace(16.0), orders.Explore(1.0), orders.Film(path, 2))
    camera = stage.viewer.recorder.camera
    assert camera is not None
    seen = stage.until(lambda frame: frame.filmed is None)
    camera.wait()
    assert stage.filmed == [(path, None)] and seen.episode >= 2
    pictures = _pictures(path)
    assert len(pictures) == camera.taken > 4
    assert pictures[0].shape == (256, 256, 3)
    assert max(np.abs(pictures[0].astype(int) - picture).max() for picture in pictures) > 50, "the agent moves"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def _pictures(path: Path) -> list[np.ndarray]:
    if path.suffix == ".gif":
        from PIL import Image, ImageSequence

        with Image.open(path) as image:
            return [
                np.asarray(one.convert("RGB")) for one in ImageSequence.Iterator(image) for _ in range(round(one.info["duration"] / 250))
            ]
    import av

    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_recording_that_cannot_be_written_says_so(theatre: Callable[..., Theatre], tmp_path: Path) -> None:
    stage = theatre("gym:FrozenLake-v1", "q-learning")
    stage.order(orders.Film(tmp_path / "no" / "such.gif", 0))
    camera = stage.viewer.recorder.camera
    assert camera is not None
    stage.order(orders.Cut())
    camera.wait()
    assert len(stage.filmed) == 1 and stage.filmed[0][1] is not None and "cannot be written" in stage.filmed[0][1]


class Own(gymnasium.Env[Any, Any]):
    """An environment that a user has made: a point on a line, without bounds."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012

    def __init__(self, render_mode: str | None = None, pictures: bool = True) -> None:
        self.render_mode, self.pictures = render_mode, pictures
        self.action_space = gymnasium.spaces.Discrete(3, start=1)
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (2,), np.float32)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.at = np.array([self.np_random.uniform(-1, 1), 0.0], np.float32)
        return self.at.copy(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.at += np.array([action - 2, 1.0], np.float32)
        return self.at.copy(), float(action), bool(self.at[1] >= 6), False, {}

    def render(self) -> Any:
        return np.full((40, 60, 3), int(self.at[1]) * 30, np.uint8) if self.pictures else None


@pytest.mark.parametrize("pictures", [True, False])
def test_an_environment_that_a_user_has_made_plays_too(theatre: Callable[..., Theatre], pictures: bool, tmp_path: Path) -> None:
    if "Own-v0" not in gymnasium.registry:
        gymnasium.register("Own-v0", Own)
    stage = theatre(GymWorld(id="Own-v0", arguments={"pictures": pictures}))
    frame = stage.order(orders.Pace(16.0), orders.Slice(0, 1))
    assert frame.posed is None and (frame.picture is not None) == pictures
    ended = stage.until(lambda frame: frame.ended)
    assert ended.step == 6
    assert stage.until(lambda frame: frame.slice is not None).slice is not None
    assert stage.order(orders.Put((0.0, 0.0))).playing, "nobody knows how to set its state"
    stage.order(orders.Steer(True, None, False), orders.Hold(2))
    assert stage.until(lambda frame: frame.score.agent is not None).score.you == 18.0
