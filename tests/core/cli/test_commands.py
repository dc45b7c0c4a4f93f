"""The commands, in process: what they print, what they refuse, and how."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli import run
from core.worlds.library import names

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command; exit code, standard output, standard error."""

    def runs(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments), lambda folder: 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return runs


@pytest.fixture
def answer(command: Command) -> Callable[..., Any]:
    """Run a command with --json; its one document, nothing else having been said."""

    def runs(*arguments: str) -> Any:
        code, out, err = command(*arguments, "--json")
        assert (code, err) == (0, "")
        assert out.count("\n") == 1
        return json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))

    return runs


def test_help_names_every_command_and_the_studio(command: Command) -> None:
    code, out, _ = command("--help")
    assert code == 0
    for word in ("list", "solve", "train", "evaluate", "doctor", "screenshots", "studio opens"):
        assert word in " ".join(out.split())


def test_screenshots_are_handed_to_the_window() -> None:
    asked: list[Path] = []

    def take(folder: Path) -> int:
        asked.append(folder)
        return 2

    assert run(["screenshots", "some/folder"], take) == 2
    assert asked == [Path("some/folder")]


def test_worlds_are_listed_with_their_size(answer: Any) -> None:
    found = {world["name"]: world for world in answer("list", "worlds")}
    assert set(found) == set(names())
    assert (found["grid/lecture-3x4"]["states"], found["grid/lecture-3x4"]["actions"]) == (11, 4)
    assert found["gym:CartPole-v1"]["states"] is None


def test_environments_say_whether_they_can_run(answer: Any) -> None:
    for environment in answer("list", "environments"):
        assert environment["available"] == (environment["missing"] is None)


def test_algorithms_are_listed_with_their_settings(answer: Any) -> None:
    found = {algorithm["name"]: algorithm for algorithm in answer("list", "algorithms")}
    epsilon = next(setting for setting in found["q-learning"]["settings"] if setting["name"] == "epsilon")
    assert (epsilon["symbol"], epsilon["least"], epsilon["most"]) == ("ε", 0, 1)
    activation = next(setting for setting in found["dqn"]["settings"] if setting["name"] == "activation")
    assert "relu" in activation["choices"]
    assert all(setting["description"] for algorithm in found.values() for setting in algorithm["settings"])


@pytest.mark.parametrize("what", ["worlds", "environments", "algorithms"])
def test_lists_are_readable(command: Command, what: str) -> None:
    code, out, err = command("list", what)
    assert (code, err) == (0, "")
    assert "None" not in out


def test_algorithms_end_with_the_shapes_of_schedules(command: Command) -> None:
    _, out, _ = command("list", "algorithms")
    assert all(text in out for text in ("linear(start, end, duration)", "1/N ", "piecewise(time:value, ...)", "per=episode"))


def test_solve_answers_with_the_documented_keys(answer: Any) -> None:
    found = answer("solve", "mdp/three-state")
    assert set(found) >= {"world", "method", "gamma", "iterations", "residual", "seconds", "values", "q", "policy", "states"}
    assert found["states"] == ["s0", "s1", "s2"]
    assert found["q"][1][1] is None
    assert found["q"][2][1] == pytest.approx(50.1336501337, abs=1e-9)
    assert found["policy"] == [0, 0, 1]


def test_solve_takes_a_file_and_options(answer: Any, tmp_path: Path) -> None:
    file = tmp_path / "corridor.json"
    file.write_text('{"kind": "grid", "map": ["S..G"]}')
    found = answer("solve", str(file), "--gamma", "0.5", "--method", "value-iteration", "--tolerance", "1e-6")
    assert found["values"] == pytest.approx([0.25, 0.5, 1, 0])
    assert found["gamma"] == 0.5


def test_solve_sets_what_a_planner_can_be_told(answer: Any, command: Command) -> None:
    found = answer("solve", "gym:FrozenLake-v1", "--method", "backward-induction", "--set", "horizon=100", "--gamma", "1")
    assert found["values"][0] == pytest.approx(0.7442, abs=5e-5) and found["iterations"] == 100
    assert answer("solve", "grid/russell-norvig-4x3")["error_bound"] is None
    _, out, _ = command("solve", "mdp/three-state", "--method", "policy-evaluation", "--set", "method=direct")
    assert "V*" not in out and "of the policy's own" in " ".join(out.split())


def test_solve_of_a_world_without_choice_tells_of_the_chain(answer: Any, command: Command) -> None:
    """The gambler's ruin: from the middle of 19 states half of the walks end on each side, after 10 * 10 steps."""
    chain = answer("solve", "mdp/random-walk-19", "--method", "policy-evaluation")["chain"]
    assert chain["steps"][10] == pytest.approx(100) and [each["states"] for each in chain["classes"]] == [[0], [20]]
    assert chain["classes"][0]["probability"][5] == pytest.approx(0.75) and chain["classes"][1]["distribution"] == [1.0]
    assert answer("solve", "mdp/three-state")["chain"] is None
    _, out, _ = command("solve", "mdp/random-walk-19", "--method", "policy-evaluation")
    assert "Ends in left end" in out and "Stationary" in out and "Policy" not in out


def test_solve_shows_a_table(command: Command) -> None:
    code, out, err = command("solve", "grid/lecture-3x4")
    assert (code, err) == (0, "")
    assert "0.6561" in out
    assert "discount 0.9" in out


def test_what_does_not_converge_is_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "endless.json"
    file.write_text('{"kind": "grid", "map": ["S."], "living_reward": 1, "discount": 1}')
    code, out, err = command("solve", str(file), "--json")
    assert code == 0
    assert "Not converged" in err
    assert not json.loads(out)["converged"]


def test_train_answers_with_the_documented_keys(answer: Any) -> None:
    found = answer(
        "train",
        "grid/lecture-3x4",
        "--algorithm",
        "q-learning",
        "--episodes",
        "30",
        "--members",
        "3",
        "--seed",
        "7",
        "--set",
        "epsilon=0.2",
    )
    assert set(found) >= {"world", "algorithm", "config", "seed", "steps", "episodes", "seconds", "steps_per_second", "returns"}
    assert (found["seed"], found["episodes"], found["finished"], found["out"]) == (7, 30, True, None)
    assert [len(member) for member in found["returns"]] == [30, 30, 30]
    assert found["config"]["epsilon"]["start"] == 0.2


@pytest.mark.parametrize("algorithm", ["q-learning", "dqn"])
def test_the_same_seed_gives_the_same_returns(answer: Any, algorithm: str) -> None:
    settings = ["--set", "learning_starts=50"] if algorithm == "dqn" else []
    first, again, other = (
        answer("train", "grid/lecture-3x4", "--algorithm", algorithm, "--steps", "400", "--seed", seed, *settings)["returns"]
        for seed in ("1", "1", "2")
    )
    assert first == again != other


def test_a_planner_can_be_trained_too(command: Command) -> None:
    code, out, _ = command("train", "mdp/three-state", "--algorithm", "value-iteration", "--episodes", "50")
    assert code == 0
    assert "50 sweeps, not yet converged" in out


def test_a_run_is_kept_evaluated_and_gone_on_with(command: Command, answer: Any, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    train = ["train", "grid/lecture-3x4", "--algorithm", "q-learning", "--steps", "5000", "--members", "2", "--out", out]
    code, said, _ = command(*train)
    assert code == 0
    assert f"The run is kept in {out}" in said

    played = answer("evaluate", out, "--episodes", "5", "--member", "1")
    assert (played["returns"], played["mean"], played["std"]) == ([1.0] * 5, 1.0, 0.0)
    assert "mean return 1" in command("evaluate", out)[1]

    assert command(*train)[2] == f"{out}: there is a run here already. Choose another folder, or add --resume or --overwrite.\n"
    assert "this run has ended, after 5,000 steps" in command("train", "--resume", out)[2]
    assert answer("train", "--resume", out, "--steps", "9000")["steps"] == 9000
    longer = answer("train", *train[1:5], "9000", "--members", "2")
    assert answer("evaluate", out)["steps"] == longer["steps"]
    assert command(*train, "--overwrite")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("solve grid/lecture-3x5", "There is no world named 'grid/lecture-3x5'. Did you mean grid/lecture-3x4"),
        ("solve gym:CartPol-v1", "Did you mean gym:CartPole-v1"),
        ("solve nowhere.json", "nowhere.json: there is no such file."),
        ("solve gym:CartPole-v1", "gym:CartPole-v1: its states cannot be listed, so it cannot be solved exactly. Learn it instead"),
        ("solve grid/lecture-3x4 --method q-learning", "'q-learning' learns from experience and cannot solve exactly"),
        (
            "solve grid/lecture-3x4 --method value-iterations",
            "There is no algorithm named 'value-iterations'. Did you mean value-iteration",
        ),
        ("solve grid/lecture-3x4 --gamma 2", "discount: input should be less than or equal to 1, not 2.0."),
        ("solve grid/lecture-3x4 --gamma nan", "discount: input should be a finite number, not nan."),
        ("solve grid/lecture-3x4 --gama 1", "No such option: --gama"),
        ("solve", "Missing argument 'WORLD'"),
        ("sove", "No such command 'sove'. Did you mean 'solve'?"),
        ("list wrlds", "'wrlds' is not one of"),
        ("train", "train needs a world, such as grid/lecture-3x4."),
        ("train grid/lecture-3x4", "train needs an algorithm, such as --algorithm q-learning."),
        ("train grid/lecture-3x4 --algorithm qlearning", "There is no algorithm named 'qlearning'. Did you mean q-learning"),
        ("train grid/lecture-3x4 --algorithm q-learning --set epsilon=2", "epsilon: every value must lie from 0 to 1, not 2."),
        ("train grid/lecture-3x4 --algorithm q-learning --set epsilom=1", "epsilom: there is no such setting. Did you mean epsilon"),
        ("train grid/lecture-3x4 --algorithm q-learning --set epsilon", "--set: 'epsilon' is not of the form key=value."),
        ("train grid/lecture-3x4 --algorithm q-learning --steps few", "Invalid value for '--steps'"),
        ("train grid/lecture-3x4 --algorithm q-learning --members 9999", "members: input should be less than or equal to 4096"),
        ("train gym:CartPole-v1 --algorithm q-learning", "Q-learning needs a world whose states can be listed"),
        ("train gym:CartPole-v1 --algorithm dqn --device tpu", "'tpu' is not the name of a device. Choose auto or one of"),
        ("train gym:Pendulum-v1 --algorithm dqn --steps 1", "Pendulum-v1: its actions are"),
        ("train grid/lecture-3x4 --resume somewhere", "--resume: a kept run has its own world"),
        ("evaluate nowhere", "nowhere: there is no run here (no run.json)."),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(command: Command, arguments: str, sentence: str) -> None:
    code, out, err = command(*arguments.split())
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_bug_is_reported_with_its_traceback(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("core.worlds.library.open_world", broken)
    code, out, err = command("solve", "grid/lecture-3x4")
    assert (code, out) == (1, "")
    assert "ZeroDivisionError: on purpose" in err
    assert err.rstrip().endswith("This is a bug in Valuescape; please report the lines above.")


def test_a_missing_package_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'gymnasium.envs'", name="gymnasium.envs")

    monkeypatch.setattr("core.worlds.library.open_world", missing)
    code, _, err = command("solve", "gym:FrozenLake-v1")
    assert code == 2
    assert err.startswith("The package 'gymnasium' is missing here.")


def test_doctor_says_what_is_here_and_how_to_mend_what_is_not(answer: Any, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    found = answer("doctor")
    assert found["versions"]["python"]
    assert found["device"] in found["devices"]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "Box2D" else object())
    monkeypatch.setattr("core.cli.doctor.missing_libraries", lambda window: [("libEGL.so.1", "libegl1")])
    out = command("doctor")[1]
    assert "box2d: LunarLander needs it" in out
    assert "pip install -c constraints.txt box2d" in out
    assert "apt install libegl1" in out
