"""Gymnasium's dictionaries, arrays and Cassandra's files."""

import io
import json
import zipfile

import gymnasium
import numpy as np
import pytest

from core.errors import WorldError
from core.formats.format import Found
from core.formats.registry import format_named, read_data, written
from core.worlds.library import open_world
from core.worlds.table import TableWorld, Transition
from tests.core.formats.samples import CORRIDOR, TIGER, npz
from tests.core.formats.worlds import same


def read(name: str, data: bytes | str) -> Found:
    return read_data(data.encode() if isinstance(data, str) else data, "it", format_named(name))


def table(name: str, data: bytes | str) -> TableWorld:
    world = read(name, data).world
    assert isinstance(world, TableWorld)
    return world


def test_what_python_prints_of_an_environment_is_read() -> None:
    for name in ("FrozenLake-v1", "Taxi-v3" if "Taxi-v3" in gymnasium.registry else "Taxi-v4"):
        printed = repr(dict(gymnasium.make(name).unwrapped.P))
        found = read("gymnasium-python", printed).world.compile()
        assert found.states == gymnasium.make(name).observation_space.n
    lake = table("gymnasium-python", "# from a notebook\nenv.P = " + repr(gymnasium.make("FrozenLake-v1").unwrapped.P))
    assert lake.compile().absorbing.nonzero()[0].tolist() == [5, 7, 11, 12, 15]


def test_json_and_python_say_the_same() -> None:
    world = open_world("mdp/three-state")
    first, second = (read(name, written(world, "x", format_named(name))).world for name in ("gymnasium-json", "gymnasium-python"))
    assert first == second
    assert first.transitions[0] == Transition(state="0", action="0", next="0", probability=0.7, reward=10.0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("[]", "it: this is no dictionary of transitions."),
        ("{}", "it: this is no dictionary of transitions."),
        ('{"a": {}}', "it: 'a' is no number of states."),
        ('{"0": []}', "it, P[0]: this is no dictionary by action."),
        ('{"0": {"0": 5}}', "it, P[0][0]: this is no list of outcomes."),
        ('{"0": {"0": [[1, 0, 0]]}}', "it, P[0][0][0]: this is no outcome. Write [probability, next state, reward, terminated]."),
        ('{"0": {"0": [[true, 0, 0, true]]}}', "it, P[0][0][0]: the probability 'True' is no number."),
        ('{"0": {"0": [[1, 0, NaN, true]]}}', "it, P[0][0][0]: the reward 'nan' is no number."),
        ('{"0": {"0": [[1, 0.5, 0, true]]}}', "it, P[0][0][0]: the next state '0.5' is no number of a state."),
        ('{"0": {"0": [[1, 0, 0, 2]]}}', "it, P[0][0][0]: terminated is '2'. It must be true or false."),
        ('{"0": {"0": [[0.5, 0, 1, true]]}}', "it: probabilities of state '0', action '0' add up to 0.5. Make them add up to 1."),
        ('{"0": {"0": [[1, 7, 1, true]]}}', "it: A transition names next state 7, but there are 1."),
        ('{"0": {"0": [[1, 0, 2e9, true]]}}', "it: the reward 2e+09 is not possible. Rewards must lie from -1e9 to 1e9."),
        ('{"0": {"0": [[1, 0, 1, true]]}, "2": {}}', "it: there is a state 2 but no state 1. Number the states from 0."),
        ('{"0": {"0": []}, "00": {}}', "it: the state 0 is there twice."),
        ('{"0": {"0": []}}', "it: No state has an action, so nothing can happen."),
    ],
)
def test_what_is_no_dictionary_of_transitions_is_told_with_its_place(values: str, sentence: str) -> None:
    with pytest.raises(WorldError) as raised:
        read("gymnasium-json", values)
    assert raised.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    "text", ["__import__('os').system('true')", "{0: print(1)}", "{0: {0: [(2**3, 0, 0, True)]}}", "P = {", "x for x in y"]
)
def test_python_is_never_executed(text: str) -> None:
    with pytest.raises(WorldError, match="it, line 1: this is no dictionary as Python writes it"):
        read("gymnasium-python", text)


def test_arrays_are_those_of_pymdptoolbox() -> None:
    """Its forest example, solved there and here; P and R that we write are taken there."""
    example = pytest.importorskip("mdptoolbox.example")
    p, r = example.forest()
    found = table("arrays", npz(P=p, R=r, discount=0.9))
    assert found.states == ("0", "1", "2") and found.discount == 0.9
    mdp = found.compile()
    np.testing.assert_allclose(mdp.expected_reward.reshape(3, 2), r)
    from mdptoolbox.mdp import ValueIteration
    from mdptoolbox.util import check

    arrays = np.load(io.BytesIO(written(open_world("mdp/three-state"), "x", format_named("arrays"))))
    check(arrays["P"], arrays["R"])
    assert ValueIteration(p, r, 0.9).P


@pytest.mark.parametrize("layout", ["ASS", "SAS"])
def test_a_key_tells_how_arrays_lie(layout: str) -> None:
    p = np.array([[[0.5, 0.5], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    r = np.arange(8.0).reshape(2, 2, 2)
    told = table("arrays", npz(P=p if layout == "ASS" else p.transpose(1, 0, 2), R=r if layout == "ASS" else r.transpose(1, 0, 2),
                               layout=layout)).compile()  # fmt: skip
    assert told.next_state.tolist() == [0, 1, 1, 1, 0] and told.reward.tolist() == [0, 1, 5, 3, 6]


def bomb(shape: str, descr: str = "<f8", body: bytes = b"") -> bytes:
    """A file of arrays whose header promises a shape."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("P.npy", b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body)
        parts.writestr("R.npy", b"")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\3\4", "it: this is no file of arrays, or a damaged one. Write it with numpy.savez."),
        (npz(P=np.ones((1, 1, 1))), "it: there is no array R. P holds probabilities [A, S, S], R rewards."),
        (npz(P=np.ones((1, 2, 3)), R=np.ones(2)), "it: P of shape [1, 2, 3] is not [A, S, S]."),
        (npz(P=np.ones((1, 1, 1)), R=np.ones(5)), "it: R of shape [5] fits neither [S] nor [S, A] nor P, with S = 1 and A = 1."),
        (npz(P=np.ones((1, 1, 1)), R=np.ones(1), layout="SSA"), "it: the layout 'SSA' is neither ASS nor SAS."),
        (npz(P=np.array([[[None]]]), R=np.ones(1)), "it: P holds object, which is not read."),
        (npz(P=np.ones((1, 1, 1)), R=np.ones(1), start=np.ones(3)), "it: start has the shape [3], not [1]."),
        (npz(P=np.full((1, 1, 1), 0.5), R=np.ones(1)), "it: probabilities of state '0', action '0' add up to 0.5."),
        (npz(P=np.ones((1, 1, 1)), R=np.ones(1), discount=2.0), "it: The discount must lie from 0 to 1, not 2."),
        (npz(P=np.ones((1, 1, 1)), R=np.ones(1), state_names=["a", "b"]), "it: state_names has the shape [2], not [1]."),
        (bomb("(1000, 100000, 100000)"), "it: P has the shape [1000, 100000, 100000], too large for arrays."),
        (bomb("(4, 4, 4)", "|O"), "it: P holds object, which is not read."),
        (bomb("(4, 4, 4)", body=b"\0" * 10), "it: P is cut short or too long."),
        (bomb("(1, 1, 1)", body=b"\0" * 10_000_000), "it: P is cut short or too long."),
    ],
)
def test_arrays_are_checked_before_they_are_loaded(data: bytes, sentence: str) -> None:
    with pytest.raises(WorldError) as raised:
        read("arrays", data)
    assert raised.value.sentence.startswith(sentence)


def test_the_corridor_of_costs() -> None:
    """By hand: states 0 and 1, the third is terminal; each step of going costs 1, and half of the starts are in each."""
    world = table("mdp", CORRIDOR)
    assert (world.states, world.actions, world.discount, world.start) == (("0", "1", "2"), ("go", "stay"), 0.9, {})
    rows = [(row.state, row.action, row.next, row.probability, row.reward) for row in world.transitions]
    assert rows == [
        ("0", "go", "0", 0.25, -1), ("0", "go", "1", 0.75, -1), ("0", "stay", "0", 1, 0), ("1", "go", "2", 1, -1), ("1", "stay", "1", 1, 0),
    ]  # fmt: skip


def test_the_tiger_can_be_seen() -> None:
    found = read("pomdp", TIGER)
    world = found.world
    assert isinstance(world, TableWorld) and world.states == ("tiger-left", "tiger-right")
    q = world.compile().expected_reward.reshape(2, 3)
    np.testing.assert_allclose(q, [[-1, -100, 10], [-1, 10, -100]])
    assert found.notes == ("Its 2 observations are left out: the agent sees the state itself.",)


HEAD = "discount: 0.5\nvalues: reward\nstates: a b c\nactions: x y\n"


@pytest.mark.parametrize(
    ("lines", "t", "r"),
    [
        ("T: x uniform", np.full((3, 3), 1 / 3), 0),
        ("T: 0 identity\nR: * : * : * 2", np.eye(3), 2),
        ("T: x\n0 1 0\n0 0 1\n1 0 0", np.roll(np.eye(3), 1, axis=1), 0),
        ("T: x : * uniform\nT: x : b\n0 0 1", [[1 / 3] * 3, [0, 0, 1], [1 / 3] * 3], 0),
        ("T:x:*:a 1.0 T : x : c : a 0.5 T: x:c :b 0.5 # exceptions last", [[1, 0, 0], [1, 0, 0], [0.5, 0.5, 0]], 0),
        ("T: * : * : 2 1\nR: x : a\n1 2 3\nR: x : 1 : * 7", [[0, 0, 1]] * 3, [[1, 2, 3], [7] * 3, [0] * 3]),
        (
            "start: b\nT: x identity\nT: x : a reset\nR: x\n1 2 3 4 5 6 7 8 9",
            [[0, 1, 0], [0, 1, 0], [0, 0, 1]],
            [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        ),
    ],
)
def test_all_forms_of_transitions_and_rewards(lines: str, t: object, r: object) -> None:
    from core.formats.cassandra_parser import Parser

    found = Parser(HEAD + lines, "it").process()
    np.testing.assert_allclose(found.transitions[0], t)
    np.testing.assert_allclose(found.rewards[0], np.broadcast_to(np.array(r, float), (3, 3)))


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("", None), ("start: 0.2 0.3 0.5", [0.2, 0.3, 0.5]), ("start: b", [0, 1, 0]), ("start: 2", [0, 0, 1]),
        ("start: uniform", [1 / 3] * 3), ("start include: a 1", [0.5, 0.5, 0]), ("start exclude: c", [0.5, 0.5, 0]),
    ],
)  # fmt: skip
def test_all_forms_of_the_start(line: str, start: list[float] | None) -> None:
    from core.formats.cassandra_parser import Parser

    found = Parser(f"{HEAD}{line}\nT: * identity", "it").process().start
    assert (found is None and start is None) or found.tolist() == pytest.approx(start)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("discount: 0.5\n", "it, line 1: the file does not say 'states:'. It must come before T and R."),
        ("discount: 1.5\n", "it, line 1: the discount must lie from 0 to 1, not 1.5."),
        ("values: gain\n", "it, line 1: values are 'gain'. They must be reward or cost."),
        ("states: 0\n", "it, line 1: there cannot be 0 states."),
        ("discount: 1\nstates: 9999999\nactions: 9\n", "it, line 2: there cannot be 9,999,999 states."),
        ("discount: 1\nstates: 99999\nactions: 9\n", "it, line 3: 99,999 states and 9 actions are too many for this format."),
        ("states: a b a\n", "it, line 1: a name stands twice among the states."),
        (HEAD + "T: z identity", "it, line 5: 'z' is not an action."),
        (HEAD + "T: x : a : d 1", "it, line 5: 'd' is not a state."),
        (HEAD + "T: x : a : b one", "it, line 5: 'one' is not a probability. Write a number, such as 0.5."),
        (HEAD + "T: x\n1 0 0", "it, line 6: the file ends too early."),
        (HEAD + "T: * identity\nQ: x", "it, line 6: 'Q' was not expected here. A line begins with T:, R: or O:."),
        (HEAD + "T x", "it, line 5: ':' was expected, not 'x'."),
        (HEAD + "T: x uniform\nT: y : a : b 0.5", "it: probabilities of state 'a', action 'y' add up to 0.5."),
        (
            HEAD + "observations: 2\nT: * identity\nR: x : a : b : 1 4.0",
            "it, line 7: the reward depends on what is observed, which is not read.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(WorldError) as raised:
        read("mdp", text)
    assert raised.value.sentence.startswith(sentence)


def test_rounded_rows_are_mended_and_said() -> None:
    found = read("mdp", HEAD + "T: * : * \n0.333333 0.333333 0.333333\nR: * : * : * 1")
    assert found.notes == ("Rounded probabilities are divided by their sum.",)
    assert found.world.compile().probability.tolist() == pytest.approx([1 / 3] * 18)


def test_what_we_write_follows_the_specification() -> None:
    """Every number has a digit before and one after the point, names begin with a letter, all probabilities are said."""
    lines = written(open_world("mdp/three-state"), "x", format_named("mdp")).decode().splitlines()
    assert lines[1:6] == ["discount: 0.9", "values: reward", "states: s0 s1 s2", "actions: a0 a1 a2", "start: 1.0 0.0 0.0"]
    assert sum(float(line.split()[-1]) for line in lines if line.startswith("T:")) == pytest.approx(9)
    assert "R: a0 : s0 : s0 10.0" in lines and "R: a2 : s1 : s2 -50.0" in lines
    small = TableWorld(states=("a",), actions=("b",), transitions=(Transition(state="a", action="b", next="a", reward=1e-7),))
    assert b"0.0000001" in written(small, "x", format_named("mdp"))


def test_a_table_comes_back_with_its_names() -> None:
    world = open_world("mdp/three-state")
    again = read("arrays", written(world, "x", format_named("arrays"))).world
    same(world.compile(), again.compile())
    assert json.loads(written(world, "x", format_named("gymnasium-json")))["0"]["0"][1] == [0.3, 1, 0.0, False]
