"""A world without choice is a Markov chain: where it ends, how long that takes, and how it shares its time."""

import numpy as np

from app.numbers import short
from app.text import tr
from core.errors import WorldError
from core.worlds.chain import absorption, recurrent
from core.worlds.mdp import FiniteMDP

MOST_STATES = 2_000
"""States up to which the equations are solved while a person waits."""
MOST_NAMED = 5
"""Ends and states named at most."""


def chain_facts(mdp: FiniteMDP) -> list[str]:
    """Sentences about a chain, seen from where episodes start; none where there is a choice or the chain is large."""
    if mdp.states > MOST_STATES or (np.diff(mdp.state_offsets) > 1).any():
        return []
    try:
        fallen, classes = absorption(mdp), recurrent(mdp)
    except WorldError:
        return []
    start = mdp.start / mdp.start.sum()
    chances, steps = start @ fallen.probability, float(start @ fallen.steps)
    likely = np.argsort(-chances.round(9), kind="stable")[:MOST_NAMED]
    names = [tr(str(mdp.state_names[int(classes[place].states[0])])) for place in likely]
    ends = [f"'{name}' {short(float(chances[place]))}" for name, place in zip(names, likely, strict=True)]
    facts = [tr("There is no choice: this is a Markov chain.")]
    if steps > 0:
        facts.append(tr("Expected steps until it is caught: {steps}", steps=short(steps)))
    if len(classes) > 1:
        facts.append(tr("Probability of ending in: {ends}", ends=", ".join(ends) + (" …" if len(classes) > MOST_NAMED else "")))
    for place in likely:
        states, share = classes[place]
        if len(states) > 1:
            most = np.argsort(-share.round(9), kind="stable")[:MOST_NAMED]
            shares = ", ".join(f"'{tr(str(mdp.state_names[int(states[each])]))}' {short(float(share[each]))}" for each in most)
            facts.append(tr("Share of time in the long run: {shares}", shares=shares + (" …" if len(states) > MOST_NAMED else "")))
    return facts
