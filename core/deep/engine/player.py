"""What networks that play share: their environments, their values, and how torch is set up around them."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import devices
from core.config import build
from core.deep.engine.actors import Actors
from core.deep.engine.brought import Brought, encoded
from core.deep.engine.crew import Crew
from core.deep.engine.dense import threads
from core.deep.engine.device import to_numpy
from core.deep.engine.dqn_settings import Distribution
from core.deep.engine.encoding import OneHot, States
from core.deep.engine.network import Network
from core.deep.engine.objectives import Categorical, Objective, Quantile
from core.deep.engine.seen import encoding_of
from core.deep.engine.settings import SeenAs
from core.errors import RunError
from core.history import Rows
from core.learner import Budget, Learner, Progress, Task
from core.streams import Streams
from core.worlds.copies import make_environments
from core.worlds.environment import Environment
from core.worlds.gym import GymWorld
from core.worlds.world import World

LARGEST_TABLE, LARGEST_VIEW = 20_000, 2_000_000
"""States of which a snapshot shows the values at most, and numbers that the network may read for it; one-hot it reads none."""
PART = 1_000
"""States of which values are asked at once."""


class NetworkPlayer(Learner):
    """K networks in copies of a world; one unit is one step of every member.

    Args:
        task: where they play.
        threads: processor threads that torch may use.
        copies: environments of each member.
        seen_as: what networks read of a state.

    Attributes:
        environments: [copies K], those of every member's first environment first.
        shown: the networks that snapshots and greedy play read.
        objective: what their outputs mean.
        steps: units done.
    """

    actors: Actors | Crew
    objective: Objective
    shown: Network

    def __init__(self, task: Task, threads: int, copies: int = 1, seen_as: SeenAs = SeenAs.one_hot) -> None:
        self.task, self.members, self.discounts = task, task.members, task.discounts
        self._threads, self.seen_as = threads, seen_as
        self.torch_device = devices.choose(task.device)
        self.device = devices.describe(self.torch_device, threads)
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.environments = make_environments(task.world, [streams.world for _ in range(copies) for streams in self.streams])
        self.encoding = encoding_of(self.environments[0], task.world, seen_as, self.torch_device)
        self.actions = self.environments[0].mask.size
        self.action_names = _action_names(task.world, self.actions)
        self.steps = 0

    @contextmanager
    def _torch_set(self) -> Iterator[None]:
        """Torch as this run wants it: its threads, no records for autograd, which would cost an eighth of an update, and no numbers
        so small that processors take a slow path for them.

        Tensors made within are inference tensors: only within can they be written to.
        """
        if torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)
        threads.use(self._threads)
        torch.set_flush_denormal(True)
        try:
            with torch.inference_mode():
                yield
        finally:
            torch.set_flush_denormal(False)

    def advance(self, budget: Budget) -> Progress:
        with self._torch_set():
            first, ended = self.steps, self.actors.least_episodes
            boundaries, here = 0, self.environments[0]
            while self.steps - first < budget.units and boundaries < budget.boundaries and not here.held:
                self._go(min(budget.units - (self.steps - first), budget.boundaries - boundaries))
                boundaries = self.actors.least_episodes - ended
            return Progress(self.steps - first, boundaries, (*self._take_rows(), *self.actors.take_rows()))

    def _go(self, most: int) -> None:
        """At least one step of every member, and at most so many."""
        self._step()

    @abstractmethod
    def _step(self) -> None:
        """One step of every member, and the updates that are due after it."""

    def _take_rows(self) -> Sequence[Rows]:
        """What was measured since the last call, beside episodes."""
        return ()

    def action_values(self, environment: Environment, member: int = 0) -> NDArray[np.float64]:
        q = self.values_of(environment.observation[None], member)[0]
        q[~environment.mask] = np.nan
        return q

    def values_of(self, observations: NDArray[np.float32], member: int = 0) -> NDArray[np.float64]:
        with self._torch_set():
            inputs = self.encoding.read(torch.from_numpy(observations).to(self.torch_device))
            return to_numpy(self.objective.values(self.shown.outputs(member, inputs))).astype(np.float64)

    def _table(self, member: int) -> NDArray[np.float64] | None:
        """[S, A] Q of every state, NaN where an action is unavailable; None where states are not listed or too many."""
        encoding = self.encoding
        if not isinstance(encoding, States) or encoding.mdp.states > LARGEST_TABLE:
            return None
        if not isinstance(encoding, OneHot) and encoding.numbers > LARGEST_VIEW:
            return None
        with self._torch_set():
            outputs = self.shown.table(member) if isinstance(encoding, OneHot) else self._outputs_of_states(encoding, member)
            q = to_numpy(self.objective.values(outputs)).astype(np.float64)
        q[~encoding.mdp.available] = np.nan
        return q

    def _outputs_of_states(self, encoding: States, member: int) -> Tensor:
        """[S, A, N] outputs of one member, some states at a time."""
        states = torch.arange(encoding.mdp.states, device=self.torch_device)[None, :, None]
        parts = (states[:, first : first + PART] for first in range(0, encoding.mdp.states, PART))
        return torch.cat([self.shown.outputs(member, encoding.expand(part)[0]) for part in parts])

    def policy(self, member: int, source: str) -> Brought:
        """The network that plays, as a value; noise is left out, as it is in greedy play.

        Raises:
            RunError: where it sees pictures.
        """
        blueprint, meaning = self.shown.blueprint, self.objective
        if len(blueprint.inputs) != 1:
            raise RunError("a network that sees a grid as a picture cannot be written", remedy="Let it see one-hot states or coordinates")
        values: dict[str, object] = {}
        if isinstance(meaning, Categorical):
            values = {"distribution": Distribution.categorical, "lowest": meaning.lowest, "highest": meaning.highest}
        elif isinstance(meaning, Quantile):
            values = {"distribution": Distribution.quantile}
        return build(Brought, values | {
            "source": source, "inputs": blueprint.inputs[0], "actions": blueprint.actions, "widths": blueprint.widths,
            "activation": blueprint.activation, "layer_norm": blueprint.layer_norm, "dueling": blueprint.dueling,
            "atoms": blueprint.atoms, "numbers": encoded(to_numpy(self.shown.taken(member))), "seen_as": self.seen_as,
        })  # fmt: skip

    @property
    def _state_names(self) -> Sequence[str] | None:
        """Names of the states, where observations are state numbers."""
        return self.encoding.mdp.state_names if isinstance(self.encoding, States) else None

    def close(self) -> None:
        for environment in self.environments:
            environment.close()


def _action_names(world: World, actions: int) -> Sequence[str]:
    """Names of the actions where the world knows them, else their numbers."""
    names = world.actions if isinstance(world, GymWorld) and not world.finite else world.compile().action_names
    return names if len(names) == actions else [str(action) for action in range(actions)]
