"""CartPole played on the device: the same as environment by environment, to the bit on a processor."""

import gc
import itertools
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gymnasium
import numpy as np
import pytest
import torch

from core import devices
from core.deep.engine import fleet, network_learner, poles
from core.deep.engine import learner as deep
from core.deep.engine.device import Shared
from core.deep.engine.fleet import suits
from core.deep.engine.learner import DeepQLearner
from core.deep.engine.minibatch import GOES_ON, TERMINATED, TRUNCATED
from core.deep.engine.poles import SHORTEST, Poles, start
from core.history import Rows
from core.learner import Budget, Progress, State, Task
from core.registry import algorithm
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.contracts import test_algorithms, test_demonstrations, test_timeline
from tests.contracts.test_algorithms import same
from tests.core.deep.conftest import Made
from tests.core.deep.recording import Traces, in_torch_alone, only_on

CPU = torch.device("cpu")
POLE = "gym:CartPole-v1"
SETTINGS: list[dict[str, Any]] = [
    {},
    {"train_every": 3, "updates_per_train": 5, "epsilon": "linear(1, 0, 300)", "learning_rate": "linear(0.01, 0, 400)"},
    {"distribution": "categorical", "optimizer": "nadam", "averaging": 0.01, "reward_clip": 0.5, "buffer_size": 5000},
    {"updates_per_train": 100, "train_every": 50, "dueling": "mean", "loss": "huber", "gradient_clip": 0.5, "target_update": "soft"},
    {"n_step": 3, "target_update": "soft", "dueling": "max"},
    {"n_step": 20, "buffer_size": 30, "batch_size": 40},
    {"target_update": "none", "buffer_size": 13, "batch_size": 3, "epsilon": 1.0},
]  # fmt: skip


@pytest.fixture
def afloat(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Says whether learners that are made from now on play on the device, however few their members."""
    return lambda whether: monkeypatch.setattr(fleet, "FEWEST", 1 if whether else 10**9)


@pytest.fixture
def both(made: Made, afloat: Callable[[bool], None]) -> Callable[..., tuple[DeepQLearner, DeepQLearner]]:
    """A learner that plays environment by environment, and its twin that plays on the device."""

    def pair(members: int, **settings: Any) -> tuple[DeepQLearner, DeepQLearner]:
        afloat(False)
        usual = made(POLE, members, **settings)
        afloat(True)
        return usual, made(POLE, members, **settings)

    return pair


@pytest.mark.parametrize("choose", ["at random", "to balance"])
def test_poles_are_those_of_gymnasium_to_the_bit(choose: str) -> None:
    members, stream = 5, np.random.default_rng(0)
    environments = [gymnasium.make("CartPole-v1", disable_env_checker=True) for _ in range(members)]
    made, seeds = Poles(members, 500, CPU), itertools.count(100)

    def begin(member: int) -> None:
        seed = next(seeds)
        environments[member].reset(seed=seed)
        starts = torch.from_numpy(np.array([start(seed)] * members))
        made.begin(torch.arange(members) == member, starts)

    for member in range(members):
        begin(member)
    ends = {GOES_ON: 0, TRUNCATED: 0, TERMINATED: 0}
    for _ in range(1200):
        _, speed, angle, turn = made.state.numpy().T
        actions = (angle + 0.5 * turn + 0.1 * speed > 0).astype(np.int64) if choose == "to balance" else stream.integers(2, size=members)
        ended = made.step(torch.from_numpy(actions)).tolist()
        for member, environment in enumerate(environments):
            seen, reward, terminated, truncated, _ = environment.step(int(actions[member]))
            assert made.state[member].tolist() == environment.unwrapped.state.tolist()  # type: ignore[attr-defined]
            assert made.seen[member].tolist() == seen.tolist() and reward == poles.REWARD
            assert ended[member] == (TERMINATED if terminated else TRUNCATED if truncated else GOES_ON)
            ends[ended[member]] += 1
            if ended[member] != GOES_ON:
                begin(member)
    assert ends[TRUNCATED if choose == "to balance" else TERMINATED] >= 10


def test_no_episode_is_shorter_than_is_reckoned_with() -> None:
    """All that can be done from every corner of the starts, and from starts between them."""
    corners = [np.array(corner) for corner in itertools.product((-0.05, 0.05), repeat=4)]
    between = np.random.default_rng(0).uniform(-0.05, 0.05, (48, 4))
    ways = list(itertools.product((0, 1), repeat=SHORTEST))
    starts = np.repeat([*corners, *between], len(ways), axis=0)
    actions = torch.tensor(ways * (len(starts) // len(ways))).T
    made = Poles(len(starts), 500, CPU)
    made.begin(torch.ones(len(starts), dtype=torch.bool), torch.from_numpy(starts))
    ended = [bool((made.step(action) != GOES_ON).any()) for action in actions]
    assert not any(ended[:-1])


def test_an_episode_is_repeated_by_its_seed_and_actions() -> None:
    stream = np.random.default_rng(1)
    actions = [stream.integers(2, size=length).tolist() for length in (7, 0, 5)]
    made = Poles(3, 500, CPU)
    made.repeat([4, 5, 6], actions)
    for member, (seed, own) in enumerate(zip((4, 5, 6), actions, strict=True)):
        alone = gymnasium.make("CartPole-v1")
        alone.reset(seed=seed)
        for action in own:
            alone.step(action)
        assert made.state[member].tolist() == alone.unwrapped.state.tolist()  # type: ignore[attr-defined]
    assert made.lengths.tolist() == [7, 0, 5]


def columns(progress: list[Progress]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    rows: list[Rows] = [part for each in progress for part in each.rows]
    for part in rows:
        for name, column in part.columns.items():
            found.setdefault((part.channel, name), []).extend(column.tolist())
    return found


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("members", [1, 3])
def test_the_numbers_are_those_of_the_usual_way_to_the_bit(both: Any, members: int, settings: dict[str, Any]) -> None:
    usual, ours = both(members, **settings)
    assert usual.fleet is None and ours.fleet is not None
    budgets = [Budget(400), Budget(1), Budget(7), Budget(200), Budget(10**6, 2), Budget(10**6, 1)]
    one, other = ([learner.advance(budget) for budget in budgets] for learner in (usual, ours))
    assert [(part.units, part.boundaries) for part in one] == [(part.units, part.boundaries) for part in other]
    assert columns(one) == columns(other) and columns(one)["episodes", "length"]
    same(usual.state(), ours.state())
    for member in range(members):
        first, second = usual.snapshot(member), ours.snapshot(member)
        assert first.counters == second.counters and first.metrics == second.metrics
        assert first.observation is not None and second.observation is not None and first.action_values is not None
        assert first.observation.tolist() == second.observation.tolist()
        assert first.action_values.tolist() == second.action_values.tolist()  # type: ignore[union-attr]
        assert usual.explain(member) == ours.explain(member)


def test_a_device_with_memory_of_its_own_is_told_everything(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a GPU, arrays of the host come to it by being pushed alone."""
    before = Shared.__init__

    def apart(self: Shared, *arguments: Any) -> None:
        before(self, *arguments)
        self.tensor, self._same = self.tensor.clone(), False

    settings = {"learning_rate": "linear(0.01, 0.001, 200)", "epsilon": "linear(1, 0, 100)"}
    expected = both(3, **settings)[0]
    monkeypatch.setattr(Shared, "__init__", apart)
    for learner in (expected, *(learners := both(3, **settings))):
        learner.advance(Budget(150))
    for learner in learners:
        same(expected.state(), learner.state())


def test_a_step_limit_of_its_own_counts(afloat: Callable[[bool], None]) -> None:
    world, states = open_world(POLE).model_copy(update={"step_limit": 12}), []
    for whether in (False, True):
        afloat(whether)
        learner = algorithm("dqn").build(Task(world, algorithm("dqn").config(learning_starts=20, widths=(16,)), members=2, device="cpu"))
        rows = columns([learner.advance(Budget(150))])
        assert max(rows["episodes", "length"]) == 12
        states.append(learner.state())
    same(*states)


def test_a_member_does_not_depend_on_the_others(made: Made, afloat: Callable[[bool], None]) -> None:
    afloat(True)
    alone, among = made(POLE, 1, learning_rate=1e-3), made(POLE, 3, learning_rate=1e-3)
    for learner in (alone, among):
        learner.advance(Budget(200))
    assert alone.state()["streams"]["0"] == among.state()["streams"]["0"]
    torch.testing.assert_close(alone.online.parameters[0], among.online.parameters[0], rtol=1e-3, atol=1e-4)
    assert alone.actors.episodes[0] == among.actors.episodes[0] > 0


def gone_on(learner: DeepQLearner, state: State) -> State:
    learner.restore(state)
    learner.advance(Budget(100))
    return learner.state()


def test_either_way_goes_on_where_the_other_was(both: Any) -> None:
    usual, ours = both(3)
    usual.advance(Budget(150))
    state = usual.state()
    expected = gone_on(usual, state)
    same(expected, gone_on(ours, state))
    same(expected, gone_on(both(3, seed=9)[1], state))
    ours.advance(Budget(50))
    same(gone_on(both(3, seed=9)[0], ours.state()), gone_on(both(3, seed=9)[1], ours.state()))


def test_a_member_that_diverges_stops_alone_and_at_the_same_step(both: Any) -> None:
    learners = both(3, train_every=2, learning_rate="linear(0.01, 0.001, 300)")
    for learner in learners:
        learner.advance(Budget(60))
        with torch.inference_mode():
            learner.online.parameters[1] = torch.nan
        learner.advance(Budget(300))
    usual, ours = learners
    assert list(usual.stopped) == [1] and usual.stopped == ours.stopped
    same(usual.state(), ours.state())


def test_the_contracts_hold(afloat: Callable[[bool], None]) -> None:
    """Splitting, restoring, the timeline, branches, and what a person showed."""
    afloat(True)
    chosen = algorithm("dqn")
    for members in (1, 3):
        test_algorithms.test_how_the_work_is_split_changes_nothing(chosen, POLE, members)
        test_algorithms.test_a_restored_learner_goes_on_as_if_it_had_never_stopped(chosen, POLE, members)
    test_algorithms.test_a_snapshot_is_a_copy(chosen, POLE)
    test_timeline.test_a_moment_is_what_it_was(chosen, POLE)
    test_timeline.test_a_branch_goes_on_as_the_run_did(chosen, POLE)
    test_demonstrations.test_what_was_shown_is_learnt_and_counts_as_no_step(chosen, POLE)
    test_demonstrations.test_a_run_that_was_shown_something_is_made_again_from_its_spec(chosen, POLE)


@pytest.mark.parametrize("steps", [1, 3])
def test_what_was_shown_is_drawn_either_way(both: Any, steps: int) -> None:
    learners = both(2, n_step=steps, reward_clip=0.5)
    for learner in learners:
        learner.advance(Budget(70))
        learner.take_in(list(test_demonstrations.played(open_world(POLE)).passages()))
        learner.advance(Budget(70))
    same(*(learner.state() for learner in learners))


def test_a_change_on_the_way_and_a_kept_run(afloat: Callable[[bool], None], tmp_path: Any) -> None:
    """A run whose settings change so that members cannot play on the device any more, kept and gone on with."""
    config = algorithm("dqn").config(learning_starts=20, batch_size=8, widths=(16,)).model_dump(mode="json")
    spec = RunSpec(world=open_world(POLE), world_name=POLE, algorithm="dqn", config=config, members=3, device="cpu", seed=1)
    states = []
    for whether in (False, True):
        afloat(whether)
        session = Session(spec)
        session.advance(Budget(70))
        session.change(config | {"epsilon": "linear(1, 0, 20, per=episode)"})
        assert session.learner.fleet is None  # type: ignore[attr-defined]
        session.advance(Budget(50))
        session.change(config)
        session.advance(Budget(30))
        folder.save(session, tmp_path / str(whether))
        again = folder.resume(tmp_path / str(whether))
        again.advance(Budget(40))
        states.append(again.state()["learner"])
    same(*states)


@pytest.mark.parametrize(
    ("settings", "plays"),
    [
        ({}, True), ({"double": False, "dueling": "max", "optimizer": "radam"}, True), ({"target_update": "soft", "n_step": 5}, True),
        ({"prioritised": True}, False), ({"noisy": True}, False), ({"replay": False}, False),
        ({"target_clock": "episode"}, False), ({"epsilon": "linear(1, 0, 9, per=episode)"}, False),
        ({"learning_rate": "linear(0.01, 0.001, 9, per=episode)"}, False),
    ],
)  # fmt: skip
def test_which_settings_suit(made: Made, settings: dict[str, Any], plays: bool) -> None:
    task = made(POLE, **settings).task
    assert suits(task, torch.device("cuda")) == plays
    assert not suits(task, CPU) and not suits(task, torch.device("mps"))


@pytest.mark.parametrize("world", [POLE, "gym:Acrobot-v1", "grid/lecture-3x4"])
@pytest.mark.parametrize("arguments", [{}, {"sutton_barto_reward": True}])
def test_which_worlds_suit(made: Made, world: str, arguments: dict[str, Any]) -> None:
    task = made(POLE).task
    opened = open_world(world).model_copy(update={"arguments": arguments})
    assert suits(replace(task, world=opened), torch.device("cuda")) == (world == POLE and not arguments)


@pytest.mark.parametrize("members", [2, fleet.FEWEST])
def test_a_learner_that_nobody_holds_is_gone_at_once(made: Made, members: int) -> None:
    """With its replay, and with what a GPU holds for it: nobody waits for Python to collect garbage."""
    gc.disable()
    try:
        learner = made(POLE, members)
        learner.advance(Budget(30))
        left = [weakref.ref(each) for each in (learner, learner.replay, learner.online)]
        learner.close()
        del learner
        assert [each() for each in left] == [None] * 3
    finally:
        gc.enable()


def test_many_members_play_on_a_processor_too(made: Made) -> None:
    assert made(POLE, fleet.FEWEST).fleet is not None and made(POLE, fleet.FEWEST - 1).fleet is None


@pytest.mark.parametrize("members", [1, 3])
def test_recorded_steps_are_the_steps(made: Made, afloat: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch, members: int) -> None:
    """With sines of its own and recordings, as on a GPU."""
    plain = made(POLE, members)
    traces = Traces()
    afloat(True)
    in_torch_alone(monkeypatch)
    monkeypatch.setattr(network_learner, "recorder", lambda device: traces)
    monkeypatch.setattr(poles, "_sin", torch.sin)
    monkeypatch.setattr(poles, "_cos", torch.cos)
    recorded = made(POLE, members)
    for learner in (plain, recorded):
        learner.advance(Budget(300))
    assert recorded.notices == () and traces.replays == 300 + recorded.updates
    torch.testing.assert_close(plain.online.parameters, recorded.online.parameters, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(plain.replay.rows[:, :60], recorded.replay.rows[:, :60], rtol=1e-4, atol=1e-5)
    assert plain.streams[-1].state() == recorded.streams[-1].state()


def test_a_step_touches_nothing_but_its_device(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = torch.device("meta")
    monkeypatch.setattr(devices, "choose", lambda name: shapes)
    monkeypatch.setattr(deep, "suits", lambda task, device: True)
    learner = made(POLE, 3)
    assert learner.fleet is not None
    with only_on(shapes):
        learner.fleet._work(learner._values)


@pytest.mark.gpu
def test_a_gpu_plays_what_the_processor_plays(made: Made) -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device")
    here, there = made(POLE, 3), made(POLE, 3, device="cuda")
    for learner in (here, there):
        learner.advance(Budget(100))
    assert there.fleet is not None and there.fleet._act.replayed and there.notices == ()
    torch.testing.assert_close(here.online.parameters, there.online.parameters.cpu(), rtol=1e-3, atol=1e-3)
    for device in ("cpu", "cuda"):  # to the other device, and to the bit on the same
        state, again = there.state(), made(POLE, 3, device=device)
        again.restore(state)
        again.advance(Budget(30))
        assert again.steps == 130
    there.advance(Budget(30))
    same(there.state(), again.state())
