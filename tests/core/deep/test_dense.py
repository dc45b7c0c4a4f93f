"""What is compiled for processors, against what torch does."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from core.deep.engine.blueprint import Blueprint, Convolution
from core.deep.engine.choice import expected, make_teaching
from core.deep.engine.dense import threads
from core.deep.engine.dense.passes import suits
from core.deep.engine.dense.teaching import DenseTeaching
from core.deep.engine.encoding import Vector
from core.deep.engine.minibatch import Minibatch, split
from core.deep.engine.objectives import Expected
from core.deep.engine.rows import row_width
from core.deep.engine.settings import Activation, Dueling, Loss
from core.deep.engine.teaching import Teaching
from tests.core.deep.conftest import Made
from tests.core.deep.networks import CPU, drawn


@settings(deadline=None)
@given(
    loss=some.sampled_from(Loss),
    seed=some.integers(0, 10**6),
    actions=some.integers(1, 4),
    batch=some.integers(1, 5),
    weighted=some.booleans(),
)
def test_a_lesson_is_that_of_torch(loss: Loss, seed: int, actions: int, batch: int, weighted: bool) -> None:
    """With values from a few whole numbers, so that several are greatest, and states in which nothing is available."""
    stream = torch.Generator().manual_seed(seed)
    values, by, outputs = (torch.randint(-3, 4, (2, batch, actions, 1), generator=stream).float() for _ in range(3))
    blocked = torch.randint(0, 2, (2, batch, actions), generator=stream).float()
    action = torch.randint(0, actions, (2, batch, 1), generator=stream).float()
    reward, factor = torch.randn(2, batch, 1, generator=stream), torch.rand(2, batch, 1, generator=stream)
    weights = torch.rand(2, batch, 1, generator=stream) if weighted else None
    ours, plain = expected(loss, CPU), Expected(loss)
    assert type(ours) is not Expected
    following = plain.best(values, by, blocked)
    assert torch.equal(ours.best(values, by, blocked), following)
    mine, theirs = (each.teach(outputs, action, following, reward, factor, weights) for each in (ours, plain))
    assert torch.equal(mine.taken, theirs.taken) and mine.loss is theirs.loss is None
    torch.testing.assert_close(mine.td_error, theirs.td_error)
    torch.testing.assert_close(mine.slope, theirs.slope)
    torch.testing.assert_close(mine.surprise, theirs.surprise)


@settings(deadline=None)
@given(
    loss=some.sampled_from(Loss),
    dueling=some.sampled_from(Dueling),
    seed=some.integers(0, 10**6),
    members=some.integers(1, 3),
    batch=some.integers(1, 5),
    double=some.booleans(),
    weighted=some.booleans(),
    layer_norm=some.booleans(),
)
def test_all_at_once_is_one_thing_after_the_other(
    loss: Loss, dueling: Dueling, seed: int, members: int, batch: int, double: bool, weighted: bool, layer_norm: bool
) -> None:
    """To the bit, twice in a row, from a minibatch that is overwritten; where an action's value is known from one number for each."""
    blueprint = Blueprint((3,), 4, (8,), dueling=dueling, layer_norm=layer_norm)
    online, target = (drawn(blueprint, members, first, torch.float32) for first in (0, members))
    stream = torch.Generator().manual_seed(seed)
    rows = torch.empty(members, batch, row_width(3, 4))
    parts = split(rows, 3)
    weights = torch.rand(members, batch, 1, generator=stream) if weighted else None
    minibatch = Minibatch(*parts, steps=torch.ones(members, batch, 1), weights=weights)
    ways = []
    for _ in range(2):
        gradient = torch.zeros_like(online.parameters)
        ways.append((gradient, (online, target, expected(loss, CPU), Vector(3), online.lay(gradient), double)))
    (mine, wants), (theirs, needs) = ways
    ours, plain = make_teaching(*wants), Teaching(*needs)
    assert type(ours) is DenseTeaching
    for _ in range(2):
        rows.normal_(generator=stream)
        minibatch.action.random_(0, 4, generator=stream)
        minibatch.blocked.random_(0, 2, generator=stream)
        one, other = ours(minibatch), plain(minibatch)
        assert torch.equal(mine, theirs) and bool(mine.any())
        for each, same in zip((one.following, *one.taught), (other.following, *other.taught), strict=True):
            assert each is same or torch.equal(each, same)


@pytest.mark.parametrize("blueprint", [Blueprint((3,), 2, (8,), noise=0.5), Blueprint((3,), 2, (8,), Activation.tanh)])
def test_networks_with_noise_and_those_of_torch_are_taught_piece_by_piece(blueprint: Blueprint) -> None:
    network = drawn(blueprint)
    teaching = make_teaching(network, network, expected(Loss.huber, CPU), Vector(3), network.lay(network.parameters), False)
    assert type(teaching) is Teaching


def test_outputs_outlive_the_next_pass() -> None:
    network, inputs = drawn(Blueprint((3,), 2, (8,))), torch.randn(2, 1, 5, 3, dtype=torch.float64)
    first = network.forward(inputs[0]).outputs
    before = first.clone()
    network.forward(inputs[1])
    assert torch.equal(first, before)


def test_what_torch_does_faster_is_left_to_it() -> None:
    flat = Blueprint((4,), 2, (8,))
    assert suits(flat, CPU) and not suits(flat, torch.device("cuda"))
    assert not suits(Blueprint((4,), 2, (8,), Activation.tanh), CPU)
    assert not suits(Blueprint((1, 4, 4), 2, convolutions=(Convolution(2, 3),)), CPU)


def test_products_take_the_threads_of_the_run(made: Made) -> None:
    """The library takes as many as there are cores, unless it is told."""
    libraries = threads._libraries()
    if not libraries:
        pytest.skip("the library of this system cannot be told")
    threads.use(2)
    assert {library.get_num_threads() for library in libraries} == {2}
    made()
    assert {library.get_num_threads() for library in libraries} == {1}


@pytest.mark.parametrize("members", [1, 3])
def test_a_member_does_not_depend_on_the_others(members: int) -> None:
    """To the bit: each has products of its own."""
    blueprint, inputs = Blueprint((4,), 2, (16, 16), layer_norm=True), torch.randn(1, 6, 4)
    alone, among = drawn(blueprint, 1, dtype=torch.float32), drawn(blueprint, members, dtype=torch.float32)
    one, many = alone.forward(inputs), among.forward(inputs.expand(members, -1, -1))
    assert torch.equal(one.outputs[0], many.outputs[0])
    gradients = torch.zeros_like(alone.parameters), torch.zeros_like(among.parameters)
    alone.backward(one, torch.ones(1, 6, 2, 1), alone.lay(gradients[0]))
    among.backward(many, torch.ones(members, 6, 2, 1), among.lay(gradients[1]))
    assert torch.equal(gradients[0][0], gradients[1][0])
