"""Policies of other programs: the same action values as there, or a sentence that says what cannot be brought in."""

import io
import json
import random
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.deep.engine.inspection import inspect
from core.deep.engine.settings import Activation
from core.deep.policy import PolicyConfig
from core.errors import ConfigError, PolicyError
from core.learner import Budget
from core.policies import archives
from core.policies.registry import is_policy, kinds, read_policy
from core.runs import export, folder
from core.runs.reproduce import reproduce
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from core.worlds.size import Size
from tests.proof.test_damage import mutated

SAMPLES = Path(__file__).parents[2] / "samples" / "policies"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text())
WORLDS = {2: "gym:MountainCar-v0", 4: "gym:CartPole-v1", 16: "gym:FrozenLake-v1"}


def spec_of(path: Path, **more: Any) -> RunSpec:
    policy = read_policy(path)
    config = {"network": policy.network.model_dump(mode="json"), "discount": policy.discount}
    name = WORLDS[policy.network.inputs]
    return RunSpec(world=open_world(name), world_name=name, algorithm="policy", config=config, device="cpu", **more)


@pytest.mark.parametrize("name", EXPECTED)
def test_action_values_are_those_of_the_program_that_trained_it(name: str) -> None:
    session = Session(spec_of(SAMPLES / name))
    observations = np.array(EXPECTED[name]["observations"], np.float32)
    values = session.learner.values_of(observations)
    assert values is not None
    np.testing.assert_allclose(values, EXPECTED[name]["q"], rtol=2e-6, atol=2e-6)
    session.close()


def test_there_are_samples_of_every_kind() -> None:
    assert len(EXPECTED) == 6 and {path.suffix for path in SAMPLES.rglob("*") if is_policy(path)} == {".zip", ".pth", ".cleanrl_model"}


def test_the_environment_and_known_settings_are_read() -> None:
    policy = read_policy(SAMPLES / "dqn-tanh-MountainCar-v0.zip")
    assert policy.world == "MountainCar-v0" and policy.network.activation is Activation.tanh and policy.network.widths == (12,)
    assert policy.network.said["gamma"] == 0.99 and policy.network.said["num_timesteps"] == 200 and policy.discount == 0.99
    assert policy.network.source == "Stable-Baselines3 2.9.2, dqn-tanh-MountainCar-v0.zip"
    policy = read_policy(SAMPLES / "c51.cleanrl_model")
    assert (policy.world, policy.discount, policy.network.atoms, policy.network.lowest) == ("CartPole-v1", 0.98, 11, -20.0)
    assert read_policy(SAMPLES / "CartPole-v1__dqn__1__1700000000" / "dqn.cleanrl_model").world == "CartPole-v1"
    policy = read_policy(SAMPLES / "CartPole-v1__dqn__1__1700000000" / "pqn.pth", Activation.elu)
    assert policy.network.layer_norm and policy.network.activation is Activation.elu


def test_it_plays_is_kept_and_is_made_again_to_the_bit(tmp_path: Path) -> None:
    session = Session(spec_of(SAMPLES / "dqn-CartPole-v1.zip", members=2, episodes=4))
    session.advance(Budget(60))
    folder.save(session, tmp_path / "run")
    again = folder.resume(tmp_path / "run")
    for each in (session, again):
        each.advance(Budget(10_000))
    assert again.finished and again.returns() == session.returns() and [len(returns) for returns in again.returns()] == [4, 4]
    assert reproduce(tmp_path / "run") == []
    before = session.learner.state()["online"].copy()
    np.testing.assert_array_equal(before, session.learner.state()["online"])


def test_another_world_is_refused_in_a_sentence() -> None:
    spec = spec_of(SAMPLES / "dqn-CartPole-v1.zip").model_copy(update={"world": open_world("gym:MountainCar-v0")})
    with pytest.raises(ConfigError, match=r"reads 4 numbers and values 2 actions; this world shows 2 and has 3"):
        Session(spec)


@pytest.mark.parametrize(
    ("algorithm", "config"),
    [
        ("dqn", {}), ("dqn", {"dueling": "mean", "layer_norm": True}), ("dqn", {"dueling": "max", "distribution": "quantile", "atoms": 5}),
        ("dqn", {"distribution": "categorical", "atoms": 7, "noisy": True, "epsilon": 0.0}), ("pqn", {"layer_norm": True}),
        ("dqn", {"averaging": 0.1}),
    ],
)  # fmt: skip
def test_our_own_networks_go_out_and_come_back(tmp_path: Path, algorithm: str, config: dict[str, Any]) -> None:
    spec = RunSpec(
        world=open_world("gym:CartPole-v1"), world_name="gym:CartPole-v1", algorithm=algorithm, members=2, device="cpu",
        config={"widths": (8, 6)} | config | ({"learning_starts": 20} if algorithm == "dqn" else {}),
    )  # fmt: skip
    session = Session(spec)
    session.advance(Budget(60))
    folder.save(session, tmp_path / "run")
    files = export.to_safetensors(tmp_path / "run", tmp_path / "out")
    assert [file.name for file in files] == ["member 0.safetensors", "member 1.safetensors"]
    seen = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)
    for member, file in enumerate(files):
        policy = read_policy(file)
        assert policy.world == "gym:CartPole-v1" and policy.network.said["num_timesteps"] == 60
        player = Session(spec_of(file))
        one, other = player.learner.values_of(seen), session.learner.values_of(seen, member)
        assert one is not None and other is not None
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_a_plain_network_of_ours_is_what_torch_calls_sequential(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    spec = RunSpec(world=open_world("gym:CartPole-v1"), algorithm="dqn", config={"widths": (8, 6), "learning_starts": 20}, device="cpu")
    session = Session(spec)
    session.advance(Budget(40))
    folder.save(session, tmp_path / "run")
    (file,) = export.to_safetensors(tmp_path / "run", tmp_path / "out")
    network = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 6), torch.nn.ReLU(), torch.nn.Linear(6, 2)
    )  # fmt: skip
    network.load_state_dict({name.removeprefix("network."): tensor for name, tensor in load_file(file).items()})
    seen = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)
    np.testing.assert_allclose(network(torch.from_numpy(seen)).detach().numpy(), session.learner.values_of(seen), rtol=1e-5, atol=1e-6)


def saved(tree: Any, place: Path) -> Path:
    torch.save(tree, place)
    return place


LINEAR = {"0.weight": torch.ones(3, 4), "0.bias": torch.ones(3), "2.weight": torch.ones(2, 3), "2.bias": torch.ones(2)}


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({}, "no state dictionary"),
        ([1, 2], "no state dictionary"),
        ({"a": 3}, "'a' is no tensor"),
        ({"actor.weight": torch.ones(2, 4), "critic.weight": torch.ones(1, 4)}, "an actor and a critic"),
        ({"lstm.weight_ih_l0": torch.ones(4, 4)}, "recurrent"),
        ({"0.weight": torch.ones(2, 1, 3, 3)}, "convolutions"),
        (LINEAR | {"1.running_mean": torch.ones(3)}, "batch normalisation"),
        (LINEAR | {"2.weight": torch.ones(2, 5)}, "reads 5 numbers, the one before gives 3"),
        (LINEAR | {"2.bias": torch.ones(7)}, "no linear layer"),
        (LINEAR | {"0.weight": torch.full((3, 4), torch.nan)}, "not finite"),
        (LINEAR | {"atoms": torch.tensor([0.0, 1.0, 5.0])}, "places of returns"),
        ({"0.weight": torch.ones(1).expand(3000, 2000)}, "too large"),
        ({"fc.weight_mu": torch.ones(2, 4)}, "noisy"),
        ({"0.weight": torch.ones(2, 4, dtype=torch.complex64)}, "no tensor of numbers"),
    ],
)
def test_what_cannot_be_said_is_refused(tree: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=said):
        read_policy(saved(tree, tmp_path / "policy.pth"))


@pytest.mark.parametrize(("name", "said"), [("ppo-CartPole-v1.zip", "an actor and a critic"), ("convolution.pth", "convolutions")])
def test_other_policies_are_named(name: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        read_policy(SAMPLES / name)


class Trap:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (open, ("executed",))


def test_nothing_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects in the weights are refused; those that Stable-Baselines3 pickled into its settings are not looked at."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicyError, match="could run code"):
        read_policy(saved({"0.weight": Trap()}, tmp_path / "policy.pth"))
    (tmp_path / "old.pth").write_bytes(b"\x80\x02cbuiltins\nopen\nX\x08\x00\x00\x00executed\x85R.")
    with pytest.raises(PolicyError, match="a pickle, which could run code"):
        read_policy(tmp_path / "old.pth")
    sample = zipfile.ZipFile(SAMPLES / "dqn-CartPole-v1.zip")
    with zipfile.ZipFile(tmp_path / "dqn.zip", "w") as archive:
        for entry in sample.namelist():
            data = sample.read(entry)
            if entry == "data":
                settings = json.loads(data)
                settings["policy_class"][":serialized:"] = "gASVIwAAAAAAAACMCGJ1aWx0aW5zlIwEb3BlbpSTlIwIZXhlY3V0ZWSUhZRSlC4="
                data = json.dumps(settings).encode()
            archive.writestr(entry, data)
    assert read_policy(tmp_path / "dqn.zip").network.inputs == 4
    assert not (tmp_path / "executed").exists()


def test_bombs_are_refused_before_they_go_off(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data", b"{}")
        archive.writestr("policy.pth", b"\0" * (archives.LARGEST + 1))
    tracemalloc.start()
    with pytest.raises(PolicyError, match=r"no policy is known|larger than 64 MiB when unpacked"):
        read_policy(tmp_path / "bomb.zip")
    assert tracemalloc.get_traced_memory()[1] < 8 * archives.LARGEST // 64
    tracemalloc.stop()


@pytest.mark.parametrize("files", [120, pytest.param(20_000, marks=[pytest.mark.slow, pytest.mark.timeout(3000)])])
@pytest.mark.parametrize("name", ["dqn-FrozenLake-v1.zip", "c51.cleanrl_model", "ours.safetensors"])
def test_damaged_files_are_refused_or_read(name: str, files: int, tmp_path: Path) -> None:
    if name == "ours.safetensors":
        session = Session(spec_of(SAMPLES / "dqn-CartPole-v1.zip"))
        folder.save(session, tmp_path / "run")
        data = export.to_safetensors(tmp_path / "run", tmp_path)[0].read_bytes()
    else:
        data = (SAMPLES / name).read_bytes()
    rng, refused, place = random.Random(name), 0, tmp_path / name
    for _ in range(files):
        place.write_bytes(mutated(data, rng))
        try:
            assert np.isfinite(read_policy(place).network.parameters).all()
        except PolicyError as error:
            assert error.sentence
            refused += 1
    assert refused > files // 20


def test_every_kind_says_what_it_is() -> None:
    assert set(kinds()) == {"safetensors", "stable-baselines3", "state-dict"}
    assert all(
        kind.title and kind.extensions and not kind.own(b"") and not kind.own(io.BytesIO(b"x" * 50).read()) for kind in kinds().values()
    )


def test_its_network_is_told_before_it_plays() -> None:
    config = PolicyConfig(network=read_policy(SAMPLES / "dqn-CartPole-v1.zip").network)
    facts = inspect(config, Size(4, 2, finite=False), members=3)
    assert facts is not None and sum(layer.parameters for layer in facts.layers) == 4 * 16 + 16 + 16 * 8 + 8 + 8 * 2 + 2
    assert facts.memory.optimizer == facts.memory.target == 0 and facts.memory.parameters == 3 * 4 * 234
