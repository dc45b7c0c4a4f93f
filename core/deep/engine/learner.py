"""The deep Q-learner: K members step, remember and update as one batch."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from core.deep.dqn import DQNConfig
from core.deep.engine import device as devices
from core.deep.engine.network import StackedMLP, forward
from core.deep.engine.replay import Batch, Replay
from core.errors import ValuescapeError
from core.history import EPISODES, UPDATES, Rows
from core.learner import Budget, Counters, Explanation, Learner, Progress, Snapshot, State, Task, Term
from core.schedules import Clock
from core.streams import Streams
from core.worlds.environment import Environment, MDPEnvironment, make_environment
from core.worlds.mdp import state_values

Floats = NDArray[np.float64]
METRICS = ("loss", "q_mean", "td_error", "grad_norm")
MOST_STATES = 20_000
"""States of a finite world whose values are still computed for a snapshot."""

OPTIMIZERS: dict[str, tuple[Callable[..., torch.optim.Optimizer], dict[str, Any]]] = {
    "adam": (torch.optim.Adam, {"fused": True}),
    "adamw": (torch.optim.AdamW, {"fused": True, "amsgrad": True}),
    "nadam": (torch.optim.NAdam, {}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": 0.95, "eps": 0.01}),
    "sgd": (torch.optim.SGD, {}),
}


class DeepQLearner(Learner):
    """One unit is one environment step of every member, and the updates that fall due with it."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, DQNConfig)
        self.config = config = task.config
        self.discount = task.discount
        self.members = task.members
        torch.set_num_threads(config.threads)
        self.torch_device = devices.choose(task.device)
        self.device = devices.describe(self.torch_device)
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.environments = [make_environment(task.world, streams.world) for streams in self.streams]
        first = self.environments[0]
        sizes = (first.observation.size, *config.widths, first.mask.size)
        self.actions = first.mask.size
        self.network = StackedMLP(sizes, config.activation, [streams.initialisation for streams in self.streams], self.torch_device)
        self.target = self.network.target()
        self.optimizer = _optimizer(config, self.network.flat)
        self.replay = Replay(self.members, config.buffer_size, sizes[0], self.actions, self.torch_device)
        self.steps = self.updates = 0
        self.episodes = np.zeros(self.members, np.int64)
        self.episode_return = np.zeros(self.members)
        self.length = np.zeros(self.members, np.int64)
        self.metrics = np.full((self.members, len(METRICS)), np.nan)
        self.last: dict[str, NDArray[np.float32]] = {}

    def advance(self, budget: Budget) -> Progress:
        before, done = self.episodes.copy(), 0
        ended: list[tuple[int, int, int, float, int]] = []
        pending: list[tuple[int, int, Tensor]] = []
        while done < budget.units and int((self.episodes - before).min()) < budget.boundaries:
            ended += self._step()
            done += 1
            if len(self.replay) >= max(1, self.config.learning_starts) and self.steps % self.config.train_every == 0:
                for _ in range(self.config.updates):
                    metrics = self._update()
                    pending.append((self.updates, self.steps, metrics))
                    self.updates += 1
        return Progress(done, int((self.episodes - before).min()), self._rows(ended, pending))

    def snapshot(self, member: int = 0) -> Snapshot:
        environment = self.environments[member]
        q = values = None
        if isinstance(environment, MDPEnvironment) and environment.mdp.states <= MOST_STATES:
            q = np.where(environment.mdp.available, self._values(np.eye(environment.mdp.states, dtype=np.float32), member), np.nan)
            values = state_values(q)
        epsilon = self._epsilon(member)
        return Snapshot(
            Counters(self.steps, int(self.episodes[member]), self.updates),
            values=values,
            q=q,
            state=environment.state,
            observation=environment.observation.copy(),
            action_values=self.action_values(environment, member),
            metrics=dict(zip(METRICS, self.metrics[member].tolist(), strict=True)) | {"epsilon": epsilon},
        )

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        return np.where(environment.mask, self._values(environment.observation[None], member)[0], np.nan)

    def explain(self, member: int = 0) -> Explanation | None:
        if not self.last:
            return None
        reward, best_next, td_target = (float(self.last[name][member]) for name in ("reward", "best_next", "td_target"))
        action, q = int(self.last["action"][member]), float(self.last["q"][member])
        chooser = "chosen by the network, valued by the target network" if self.config.double else "by the target network"
        terms = {
            "r": Term("r", "reward of the first transition of the last batch", reward),
            "gamma": Term("γ", "discount", self.discount),
            "best_next": Term("max_a' Q(s', a'; w⁻)", f"value of the next action, {chooser}; 0 after termination", best_next),
            "q": Term(f"Q(s, {action}; w)", "what the network said; its weights move so that it comes closer to y", q),
        }
        return Explanation("y = r + γ max_a' Q(s', a'; w⁻)", "r + gamma * best_next", terms, td_target)

    def state(self) -> State:
        names = ("episodes", "episode_return", "length", "metrics")
        moments = {
            name: value.cpu().numpy().copy() if isinstance(value, Tensor) else value
            for name, value in self.optimizer.state.get(self.network.flat, {}).items()
        }
        return {
            "network": self.network.flat.cpu().numpy().copy(),
            "target": self.target.flat.cpu().numpy().copy(),
            "optimizer": moments,
            "replay": self.replay.state(),
            "steps": self.steps,
            "updates": self.updates,
            "last": {name: value.copy() for name, value in self.last.items()},
            "streams": {str(member): streams.state() for member, streams in enumerate(self.streams)},
            "environments": {str(member): environment.position() for member, environment in enumerate(self.environments)},
        } | {name: getattr(self, name).copy() for name in names}

    def restore(self, state: State) -> None:
        with torch.no_grad():
            self.network.flat.copy_(torch.from_numpy(state["network"]))
            self.target.flat.copy_(torch.from_numpy(state["target"]))
        moments = {name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value for name, value in state["optimizer"].items()}
        saved = self.optimizer.state_dict()
        saved["state"] = {0: moments} if moments else {}
        self.optimizer.load_state_dict(saved)
        self.replay.restore(state["replay"])
        self.steps, self.updates = state["steps"], state["updates"]
        self.last = dict(state["last"])
        for name in ("episodes", "episode_return", "length", "metrics"):
            getattr(self, name)[:] = state[name]
        for member, environment in enumerate(self.environments):
            environment.restore(state["environments"][str(member)])
            self.streams[member].restore(state["streams"][str(member)])

    def close(self) -> None:
        for environment in self.environments:
            environment.close()

    def _step(self) -> list[tuple[int, int, int, float, int]]:
        """One step of every member; rows of the episodes that ended."""
        observations = np.stack([environment.observation for environment in self.environments])
        chosen = np.empty((self.members, 1), np.int64)
        rewards, continues = np.empty(self.members, np.float32), np.empty(self.members, np.float32)
        explorers = [streams.exploration.random() < self._epsilon(member) for member, streams in enumerate(self.streams)]
        greedy = None if all(explorers) else self._forward(observations)
        ended, over = [], []
        for member, environment in enumerate(self.environments):
            mask = environment.mask
            if explorers[member]:
                offered = np.flatnonzero(mask)
                chosen[member] = offered[int(self.streams[member].exploration.random() * len(offered))]
            else:
                assert greedy is not None
                chosen[member] = np.argmax(np.where(mask, greedy[member], -np.inf))
            outcome = environment.step(int(chosen[member, 0]))
            rewards[member], continues[member] = outcome.reward, not outcome.terminated
            self.episode_return[member] += outcome.reward
            self.length[member] += 1
            if outcome.terminated or outcome.truncated:
                over.append(member)
        following = np.stack([environment.observation for environment in self.environments])
        masks = np.stack([environment.mask for environment in self.environments])
        self.replay.add(observations, chosen, rewards, continues, following, masks)
        self.steps += 1
        for member in over:
            ended.append((int(self.episodes[member]), member, self.steps, float(self.episode_return[member]), int(self.length[member])))
            self.episodes[member] += 1
            self.episode_return[member] = self.length[member] = 0
            self.environments[member].reset()
        return ended

    def _update(self) -> Tensor:
        """One step of every member's optimizer on one batch each; [4, K] metrics on the device."""
        batch = self.replay.sample([streams.replay for streams in self.streams], self.config.batch_size)
        best_next, target = self.td_target(batch)
        network = self.network
        network.gradient.zero_()
        q = network(batch.observation).gather(2, batch.action).squeeze(2)
        if self.config.loss == "huber":
            losses = F.smooth_l1_loss(q, target, reduction="none").mean(1)
        else:
            losses = F.mse_loss(q, target, reduction="none").mean(1)
        torch.autograd.backward(losses.sum())
        with torch.no_grad():
            norm = network.gradient_norm()
            if self.config.gradient_clip:
                network.scale_gradient((self.config.gradient_clip / (norm + 1e-6)).clamp_(max=1.0))
            self.optimizer.param_groups[0]["lr"] = self.config.learning_rate.value(self.steps)
            self.optimizer.step()
            if (self.updates + 1) % self.config.target_every == 0:
                self.target.follow(self.config.tau)
            self._remember = (batch, best_next, target, q.detach())
            return torch.stack([losses.detach(), q.detach().mean(1), (target - q).abs().mean(1), norm])

    def td_target(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """[K, B] value of the next action (0 after termination), and [K, B] y = r + gamma of it."""
        with torch.no_grad():
            following = self.target(batch.next_observation)
            chooser = self.network(batch.next_observation) if self.config.double else following
            best = chooser.masked_fill(~batch.next_mask, -math.inf).argmax(2, keepdim=True)
            best_next = following.gather(2, best).squeeze(2) * batch.continues
            return best_next, batch.reward + self.discount * best_next

    def _epsilon(self, member: int) -> float:
        schedule = self.config.epsilon
        return schedule.value(int(self.episodes[member]) if schedule.per is Clock.episode else self.steps)

    def _forward(self, observations: NDArray[np.float32]) -> NDArray[np.float32]:
        """[K, D] to [K, A], one observation of each member."""
        with torch.no_grad():
            x = torch.from_numpy(observations[:, None]).to(self.torch_device)
            return self.network(x)[:, 0].cpu().numpy()

    def _values(self, observations: NDArray[np.float32], member: int) -> Floats:
        """[N, D] to [N, A] by one member's network."""
        with torch.no_grad():
            x = torch.from_numpy(np.ascontiguousarray(observations))[None].to(self.torch_device)
            layers = [layer[member : member + 1] for layer in self.network.layers]
            return forward(layers, self.network.activation, x)[0].cpu().numpy().astype(np.float64)

    def _rows(self, ended: list[tuple[int, int, int, float, int]], pending: list[tuple[int, int, Tensor]]) -> tuple[Rows, ...]:
        """Bring what was measured from the device, all of it at once."""
        rows = []
        if ended:
            columns = dict(zip(("episode", "member", "step", "return", "length"), map(np.array, zip(*ended, strict=True)), strict=True))
            rows.append(Rows(EPISODES, columns))
        if pending:
            measured = torch.stack([metrics for _, _, metrics in pending]).cpu().numpy().astype(np.float64)
            self._notice_divergence(measured)
            self.metrics = measured[-1].T.copy()
            count, members = len(pending), self.members
            step = np.array([step for _, step, _ in pending])
            epsilon = np.array([self.config.epsilon.value(t) for t in step]) if self.config.epsilon.per is Clock.step else self._epsilon(0)
            columns = {
                "update": np.repeat([update for update, _, _ in pending], members),
                "member": np.tile(np.arange(members), count),
                "step": np.repeat(step, members),
                **{name: measured[:, place].ravel() for place, name in enumerate(METRICS)},
                "epsilon": np.repeat(np.broadcast_to(epsilon, count), members),
            }
            rows.append(Rows(UPDATES, columns))
            batch, best_next, target, q = self._remember
            self.last = {
                name: value[:, 0].reshape(-1).cpu().numpy().astype(np.float32)
                for name, value in (
                    ("reward", batch.reward),
                    ("best_next", best_next),
                    ("td_target", target),
                    ("q", q),
                    ("action", batch.action),
                )
            }
        return tuple(rows)

    def _notice_divergence(self, measured: NDArray[np.float64]) -> None:
        broken = ~np.isfinite(measured).all(axis=(0, 1))
        if broken.any():
            raise ValuescapeError(
                f"The network of member {int(np.argmax(broken))} diverged: its loss is no longer a number",
                remedy="Lower the learning rate, or clip gradients",
            )


def _optimizer(config: DQNConfig, parameters: Tensor) -> torch.optim.Optimizer:
    kind, arguments = OPTIMIZERS[config.optimizer]
    return kind([parameters], lr=config.learning_rate.value(0), **arguments)
