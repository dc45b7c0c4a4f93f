"""Sessions, their pace, their folder, and what a policy is worth."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ConfigError, RunError
from core.learner import UNBOUNDED, Budget, Progress
from core.registry import algorithm
from core.runs import folder
from core.runs.evaluation import LONGEST, Episode, evaluate, evaluation_stream
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.streams import Streams
from core.worlds.copies import make_environment
from core.worlds.grid import GridWorld
from core.worlds.library import open_world


def spec(name: str = "grid/lecture-3x4", **fields: Any) -> RunSpec:
    return RunSpec.model_validate({"world": open_world(name), "world_name": name, "algorithm": "q-learning"} | fields)


def test_a_session_stops_at_its_steps() -> None:
    session = Session(spec(steps=100))
    assert session.advance(Budget(60)).units == 60
    assert session.fraction == 0.6
    assert session.advance(Budget(60)).units == 40
    assert session.finished and session.fraction == 1.0
    assert session.advance(Budget(1)).units == 0


def test_a_session_stops_at_its_episodes_and_returns_no_more_than_those() -> None:
    session = Session(spec(episodes=5, members=4))
    session.advance(Budget(UNBOUNDED))
    assert session.finished
    assert [len(returns) for returns in session.returns()] == [5] * 4


def test_without_a_limit_the_algorithms_own_holds_and_planners_end_by_themselves() -> None:
    assert Session(spec()).limit == algorithm("q-learning").limit > 0
    planner = Session(spec(algorithm="value-iteration"))
    assert planner.fraction is None
    planner.advance(Budget(UNBOUNDED))
    assert planner.finished
    assert planner.returns() == [[]]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ConfigError, match="states can be listed"):
        Session(spec("gym:CartPole-v1"))
    with pytest.raises(ConfigError, match="epsilon"):
        Session(spec(config={"epsilon": 2}))


def test_the_pacer_grows_towards_its_slice_and_shrinks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, cost, asked = [0.0], [1e-5], []
    monkeypatch.setattr("core.runs.pacer.time.perf_counter", lambda: clock[0])

    def advance(budget: Budget) -> Progress:
        asked.append(budget.units)
        clock[0] += budget.units * cost[0]
        return Progress(budget.units, 0)

    pacer = Pacer(0.01)
    for _ in range(10):
        began = clock[0]
        done = pacer.slice(advance, Budget(UNBOUNDED)).units
    assert asked[0] == 1
    assert (done, clock[0] - began) == (pytest.approx(1000, rel=0.01), pytest.approx(0.01, rel=0.01))
    cost[0], began = 1e-4, clock[0]
    pacer.slice(advance, Budget(UNBOUNDED))
    assert clock[0] - began < 0.025, "one part was ten times as long as meant, not the whole slice"
    for _ in range(5):
        began = clock[0]
        pacer.slice(advance, Budget(UNBOUNDED))
    assert clock[0] - began == pytest.approx(0.01, rel=0.1)
    assert pacer.slice(advance, Budget(3)).units == 3


@pytest.mark.parametrize(
    ("name", "algorithm"), [("grid/lecture-3x4", "q-learning"), ("gym:CartPole-v1", "dqn"), ("mdp/three-state", "value-iteration")]
)
def test_a_kept_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path, name: str, algorithm: str) -> None:
    config = {"learning_starts": 50} if algorithm == "dqn" else {}
    straight, stopped = (Session(spec(name, algorithm=algorithm, config=config, members=2, steps=400)) for _ in range(2))
    straight.advance(Budget(400))
    stopped.advance(Budget(123))
    folder.save(stopped, tmp_path)
    again = folder.resume(tmp_path)
    again.advance(Budget(UNBOUNDED))
    assert again.units == straight.units
    assert again.returns() == straight.returns()
    for member in range(2):
        one, other = straight.snapshot(member), again.snapshot(member)
        assert one.counters == other.counters
        for quantity in ("values", "q", "observation", "action_values"):
            np.testing.assert_array_equal(getattr(one, quantity), getattr(other, quantity))


def kept(path: Path) -> Path:
    session = Session(spec(steps=2000))
    session.advance(Budget(1000))
    folder.save(session, path)
    return path


def test_a_run_folder_says_what_it_is(tmp_path: Path) -> None:
    described = folder.describe(kept(tmp_path))
    assert (described["units"], described["finished"], described["format"]) == (1000, False, 2)
    assert folder.spec_of(tmp_path) == spec(steps=2000)
    assert folder.resume(tmp_path, steps=None, episodes=7).spec.episodes == 7


def test_saving_again_leaves_one_checkpoint(tmp_path: Path) -> None:
    session = folder.resume(kept(tmp_path))
    session.advance(Budget(50))
    folder.save(session, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert folder.resume(tmp_path).units == 1050


@pytest.mark.parametrize("cut", ["core.runs.folder._write_arrays", "json.dumps"])
def test_a_save_that_is_cut_short_leaves_the_run_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str) -> None:
    session = folder.resume(kept(tmp_path))
    session.advance(Budget(50))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(cut, full)
        with pytest.raises(RunError, match=r"cannot be saved \(No space left on device\). Choose another folder or free some space"):
            folder.save(session, tmp_path)
    assert folder.resume(tmp_path).units == 1000


def test_folders_that_are_no_runs_are_said_so(tmp_path: Path) -> None:
    for content, sentence in (
        (None, "there is no run here"),
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"format": 3}', "newer Valuescape"),
        ('{"format": 1}', "world: field required"),
        ('{"format": 1, "spec": {"world": {"kind": "maze"}}}', "world"),
    ):
        if content is not None:
            (tmp_path / "run.json").write_text(content)
        with pytest.raises((RunError, ConfigError), match=sentence) as caught:
            folder.resume(tmp_path)
        assert "\n" not in caught.value.sentence


def test_a_checkpoint_cannot_lie_outside_its_folder(tmp_path: Path) -> None:
    described = json.loads((kept(tmp_path) / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(described | {"checkpoint": "../../etc/passwd"}))
    with pytest.raises(RunError, match="passwd: the run's checkpoint cannot be opened"):
        folder.resume(tmp_path)


def test_a_damaged_checkpoint_is_one_sentence(tmp_path: Path) -> None:
    (checkpoint,) = kept(tmp_path).glob("*.npz")
    good, rng = checkpoint.read_bytes(), np.random.default_rng(0)
    for trial in range(200):
        bad = bytearray(good)
        if trial % 4 == 0:
            del bad[int(rng.integers(len(bad))) :]
        for place in rng.integers(len(bad), size=8) if bad else []:
            bad[place] = rng.integers(256)
        checkpoint.write_bytes(bytes(bad))
        try:
            folder.resume(tmp_path).close()
        except RunError as error:
            assert error.where == str(checkpoint)


@pytest.mark.parametrize("field", ["learner", "history", "units"])
def test_a_damaged_description_is_one_sentence(tmp_path: Path, field: str) -> None:
    described = json.loads((kept(tmp_path) / "run.json").read_text())
    for wrong in (None, "text", [3], {"q": None}):
        state = described["state"] | {field: wrong}
        (tmp_path / "run.json").write_text(json.dumps(described | {"state": state}))
        with pytest.raises(RunError, match="damaged"):
            folder.resume(tmp_path)


def test_evaluation_plays_greedily_from_streams_of_its_own() -> None:
    session = Session(spec(steps=20_000))
    session.advance(Budget(UNBOUNDED))
    before = session.learner.state()["streams"]
    assert evaluate(session.learner, session.spec.world, 5, seed=3) == [1.0] * 5
    assert session.learner.state()["streams"] == before
    assert evaluation_stream(0).random() not in {
        getattr(Streams.spawn(0, member), use).random() for member in range(50) for use in Streams.__slots__
    }


def test_a_policy_that_goes_in_circles_ends_all_the_same() -> None:
    world = GridWorld(map=("S..G",), step_limit=0, living_reward=-1)
    session = Session(spec().model_copy(update={"world": world}))
    (total,) = evaluate(session.learner, world, 1)
    assert total == -LONGEST
    assert math.isfinite(total)


def test_returns_say_when_only_some_are_kept() -> None:
    session = Session(spec(steps=60_000))
    assert session.returns_every == 1
    session.history.capacity = 1000
    session.advance(Budget(UNBOUNDED))
    episodes = session.snapshot().counters.episodes
    assert session.returns_every >= 2
    assert len(session.returns()[0]) == -(-episodes // session.returns_every)


def test_an_episode_sums_up_and_reckons_what_was_expected() -> None:
    environment = make_environment(open_world("gym:CartPole-v1"), evaluation_stream(0))
    episode = Episode(environment, 0.5)
    for expected in (4.0, 3.0, 2.0):
        moment = episode.take(1, np.array([0.0, expected]))
    assert (moment.step, moment.episode_return, episode.steps, episode.total) == (3, 3.0, 3, 3.0)
    assert episode.discounted == 1.75 and not episode.ended
    reckoning = episode.reckoning()
    assert reckoning.expected.tolist() == [4.0, 3.0, 2.0] and reckoning.came.tolist() == [1.75, 1.5, 1.0] and not reckoning.cut
    while not episode.ended:
        episode.take(1, np.zeros(2))
    assert not episode.cut and episode.reckoning().came[0] == pytest.approx(2 - 2 * 0.5**episode.steps)


def test_what_a_kept_run_measured_is_read_without_its_learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = folder.resume(kept(tmp_path))
    monkeypatch.setattr(Session, "__init__", lambda *_: pytest.fail("built"))
    found, history = folder.recorded(tmp_path)
    assert found == session.spec
    assert history["episodes"]["return"].tolist() == session.history.view()["episodes"]["return"].tolist()
    assert history["pace"]["units"][-1] == 1000
    with pytest.raises(RunError, match="there is no run here"):
        folder.recorded(tmp_path / "none")
