"""Q-learning as others write it in Python, for `benchmarks/tabular.py`: as textbooks and lectures do, as gymnasium's tutorials do, and
the least that a loop over a dictionary can be."""

import random
import time
from collections import defaultdict
from typing import Any

import numpy as np

Cell = tuple[int, int]
Values = defaultdict[tuple[Cell, str], float]


class GridWorld:
    """A field of cells (row, column) as a lecture writes it: the goal at the bottom right pays 1 and ends the episode."""

    moves = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}  # noqa: RUF012

    def __init__(self, rows: int, columns: int, slip: float) -> None:
        self.rows, self.columns, self.slip = rows, columns, slip
        self.goal = rows - 1, columns - 1
        self.actions = list(self.moves)
        self.state = 0, 0

    def reset(self) -> Cell:
        self.state = 0, 0
        return self.state

    def step(self, action: str) -> tuple[Cell, float, bool]:
        draw = random.random() if self.slip else 1.0
        if draw < self.slip:
            action = self.actions[(self.actions.index(action) + 1) % 4]
        elif draw < 2 * self.slip:
            action = self.actions[(self.actions.index(action) - 1) % 4]
        down, right = self.moves[action]
        row = min(max(self.state[0] + down, 0), self.rows - 1)
        column = min(max(self.state[1] + right, 0), self.columns - 1)
        self.state = row, column
        done = self.state == self.goal
        return self.state, 1.0 if done else 0.0, done


def epsilon_greedy(q: Values, state: Cell, actions: list[str], epsilon: float) -> str:
    if random.random() < epsilon:
        return random.choice(actions)
    best = max(q[state, action] for action in actions)
    return random.choice([action for action in actions if q[state, action] == best])


def textbook(size: int, slip: float, gamma: float, limit: int, steps: int) -> float:
    """Steps a second of Q-learning as textbooks and lectures write it: an environment to step, a dictionary, an epsilon-greedy choice that
    breaks ties at random (without that, nothing is ever found here: all values begin at 0)."""
    env = GridWorld(size, size, slip)
    random.seed(0)
    q: Values = defaultdict(float)
    alpha, epsilon = 0.1, 0.1
    taken, began = 0, time.thread_time()
    while taken < steps:
        state, done, length = env.reset(), False, 0
        while not done and length < limit:
            action = epsilon_greedy(q, state, env.actions, epsilon)
            next_state, reward, done = env.step(action)
            target = reward if done else reward + gamma * max(q[next_state, a] for a in env.actions)
            q[state, action] += alpha * (target - q[state, action])
            state, length = next_state, length + 1
        taken += length
    return taken / (time.thread_time() - began)


def inlined_loop(mdp: Any, steps: int) -> float:
    """Steps a second of the least that a dictionary allows: table and choice written into one loop, ties to the first (here it never leaves
    its corner)."""
    outcomes = {}
    for state in range(mdp.states):
        for pair in range(mdp.state_offsets[state], mdp.state_offsets[state + 1]):
            span = slice(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1])
            columns = (mdp.probability[span], mdp.next_state[span], mdp.reward[span], mdp.terminated[span])
            outcomes[state, int(mdp.pair_action[pair])] = list(zip(*(column.tolist() for column in columns), strict=True))
    rng, actions, start = random.Random(0), range(mdp.actions), int(np.argmax(mdp.start))
    q: defaultdict[tuple[int, int], float] = defaultdict(float)
    state, length, began = start, 0, time.thread_time()
    for _ in range(steps):
        action = rng.choice(actions) if rng.random() < 0.1 else max(actions, key=lambda a, s=state: q[s, a])
        draw = rng.random()
        for probability, following, reward, terminated in outcomes[state, action]:  # noqa: B007
            draw -= probability
            if draw < 0:
                break
        best = 0.0 if terminated else max(q[following, a] for a in actions)
        q[state, action] += 0.1 * (reward + mdp.discount * best - q[state, action])
        state, length = following, length + 1
        if terminated or length == mdp.step_limit:
            state, length = start, 0
    return steps / (time.thread_time() - began)


def tutorial_loop(mdp: Any, steps: int) -> float:
    """Steps a second of Q-learning as gymnasium's tutorials write it: an environment to step, a dictionary of numpy rows."""
    from core.worlds.table_env import TableEnv

    env = TableEnv(mdp)
    rng = np.random.default_rng(0)
    q: defaultdict[int, np.ndarray] = defaultdict(lambda: np.zeros(mdp.actions))
    state, _ = env.reset(seed=0)
    began = time.thread_time()
    for _ in range(steps):
        action = int(rng.integers(mdp.actions)) if rng.random() < 0.1 else int(np.argmax(q[state]))
        following, reward, terminated, truncated, _ = env.step(action)
        best = (not terminated) * np.max(q[following])
        q[state][action] += 0.1 * (reward + mdp.discount * best - q[state][action])
        state = env.reset()[0] if terminated or truncated else following
    return steps / (time.thread_time() - began)
