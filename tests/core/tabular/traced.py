"""Learners with traces, retold with dense traces and no cutoff."""

import numpy as np

from core.learner import Budget
from core.schedules import Schedule
from core.tabular.engine import steps
from core.tabular.engine.traces import TraceLearner
from core.worlds.library import open_world
from tests.core.tabular.answers import learner


def follows_the_book(name: str, world: str, trace: str, count: int, *settings: str) -> None:
    """Assert that values are those of a plain retelling with the same actions and outcomes, step by step."""
    agent = learner(name, open_world(world), f"trace={trace}", "trace_decay=0.9", *settings)
    assert isinstance(agent, TraceLearner)
    mdp, size = agent.mdp, agent.settings.step_size
    assert isinstance(size, Schedule)
    agent.q[:] = np.random.default_rng(2).uniform(0, 1, agent.q.shape)
    q, z, visits = agent.q[0].copy(), np.zeros(mdp.pairs), np.zeros(mdp.pairs, np.int64)
    for _ in range(count):
        episode = agent.place[0, steps.EPISODES]
        agent.advance(Budget(1))
        known = agent.known(0)
        pair, outcome = int(known["pair"]), int(known["outcome"])
        first, last = mdp.state_offsets[mdp.pair_state[pair] :][:2]
        if name == "q-lambda" and q[pair] < q[first:last].max():
            z[:] = 0
        following = 0.0
        if not mdp.terminated[outcome]:
            first, last = mdp.state_offsets[mdp.next_state[outcome] :][:2]
            chosen = agent.place[0, steps.PAIR]
            cut = known["following"]
            assert cut in q[first:last]
            following = q[first:last].max() if name == "q-lambda" else q[chosen] if chosen >= 0 else cut
        alpha = size.value(visits[pair])
        z[pair] = {"accumulating": z[pair] + alpha, "replacing": alpha, "dutch": (1 - alpha) * z[pair] + alpha}[trace]
        assert known["trace"] * alpha == z[pair] or abs(known["trace"] * alpha - z[pair]) < 1e-12
        q += z * (mdp.reward[outcome] + mdp.discount * following - q[pair])
        z *= 0.9 * mdp.discount
        visits[pair] += 1
        if agent.place[0, steps.EPISODES] > episode:
            z[:] = 0
        np.testing.assert_allclose(agent.q[0], q, rtol=1e-12, atol=1e-12)
        q[:] = agent.q[0]
