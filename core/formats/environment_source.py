"""The source of a gymnasium environment that needs nothing but gymnasium and numpy: a table of transitions and what steps through it."""

import json
import keyword
import re
import sys
from typing import Any

import numpy as np

from core.worlds.grid import GridWorld
from core.worlds.world import World

WIDTH = 120

HEAD = '''"""{title}: a gymnasium environment, written by Valuescape.
{description}
    import gymnasium
    import {module}

    env = gymnasium.make("{identifier}")

Observations are numbers of states, actions are numbers of actions; STATES and ACTIONS name them.
`info["action_mask"]`, [A] int8, says which actions are available; one that is not does what the first
available one does. DISCOUNT is the world's own.
"""

{imports}import gymnasium
import numpy as np

IDENTIFIER = "{identifier}"
'''

BODY = '''
class {name}(gymnasium.Env):
    """A finite Markov decision process. render() returns a text in the mode "ansi"."""

    metadata = {{"render_modes": ["ansi"], "render_fps": 4}}

    def __init__(self, render_mode=None):
        if render_mode not in (None, "ansi"):
            raise ValueError("render_mode must be None or 'ansi'")
        self.render_mode = render_mode
        self.observation_space = gymnasium.spaces.Discrete(len(STATES))
        self.action_space = gymnasium.spaces.Discrete(len(ACTIONS))
        self.initial_state_distrib = START
        self._starts = np.cumsum(START) / START.sum()
        owner = np.repeat(np.arange(len(STATES)), np.diff(STATE_OFFSETS))
        self._mask = np.zeros((len(STATES), len(ACTIONS)), np.int8)
        self._mask[owner, PAIR_ACTION] = 1
        self._pair = np.repeat(STATE_OFFSETS[:-1, None], len(ACTIONS), axis=1)
        self._pair[owner, PAIR_ACTION] = np.arange(len(PAIR_ACTION))
        total = np.cumsum(PROBABILITY)
        before = np.concatenate([[0.0], total])[OUTCOME_OFFSETS[:-1]]
        self._cumulative = total - np.repeat(before, np.diff(OUTCOME_OFFSETS))
        self._cumulative[OUTCOME_OFFSETS[1:] - 1] = 1.0
        self.state = int(np.argmax(START))

    @property
    def P(self):
        """P[state][action] = [(probability, next state, reward, terminated), ...], as gymnasium's toy-text ones have it."""
        return {{
            state: {{action: self.outcomes(state, action) for action in range(len(ACTIONS))}}
            for state in range(len(STATES))
        }}

    def outcomes(self, state, action):
        """What may happen: [(probability, next state, reward, terminated), ...]."""
        if not self._mask[state].any():
            return [(1.0, state, 0.0, True)]
        part = slice(*OUTCOME_OFFSETS[self._pair[state, action]:][:2])
        columns = (PROBABILITY, NEXT_STATE, REWARD, TERMINATED)
        return list(zip(*(column[part].tolist() for column in columns)))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed, options=options)
        self.state = int(np.searchsorted(self._starts, self.np_random.random(), side="right"))
        return np.int64(self.state), self._info()

    def step(self, action):
        if not self._mask[self.state].any():
            return np.int64(self.state), 0.0, True, False, self._info()
        first, end = OUTCOME_OFFSETS[self._pair[self.state, int(action)]:][:2]
        outcome = first + np.searchsorted(self._cumulative[first:end], self.np_random.random(), side="right")
        self.state = int(NEXT_STATE[outcome])
        return np.int64(self.state), float(REWARD[outcome]), bool(TERMINATED[outcome]), False, self._info()

    def render(self):
        if self.render_mode is None:
            return None
{render}

    def _info(self):
        return {{"action_mask": self._mask[self.state].copy()}}


if IDENTIFIER not in gymnasium.registry:
    gymnasium.register(IDENTIFIER, entry_point=f"{{__name__}}:{name}", max_episode_steps=STEP_LIMIT)
'''

ON_A_MAP = '''        row, column = CELLS[self.state]
        lines = [" ".join(f" {sign} " for sign in line) for line in MAP]
        place = 4 * int(column)
        line = lines[row]
        lines[row] = line[:place] + "[" + line[place + 1] + "]" + line[place + 3:]
        return STATES[self.state] + "\\n" + "\\n".join(lines) + "\\n"'''
BY_NAME = '        return STATES[self.state] + "\\n"'


def arrays(world: World) -> dict[str, np.ndarray[Any, Any]]:
    """The table of transitions, by the names that the source calls its parts."""
    mdp = world.compile()
    found: dict[str, np.ndarray[Any, Any]] = {
        "START": mdp.start, "STATE_OFFSETS": mdp.state_offsets, "PAIR_ACTION": mdp.pair_action, "OUTCOME_OFFSETS": mdp.outcome_offsets,
        "NEXT_STATE": mdp.next_state, "PROBABILITY": mdp.probability, "REWARD": mdp.reward, "TERMINATED": mdp.terminated,
    }  # fmt: skip
    return found | ({"CELLS": world.compiled.cell_of_state} if isinstance(world, GridWorld) else {})


def names(world: World) -> dict[str, Any]:
    """What is no array: names of states and actions, rules and a map."""
    mdp = world.compile()
    found = {
        "STATES": list(mdp.state_names), "ACTIONS": list(mdp.action_names), "DISCOUNT": mdp.discount, "STEP_LIMIT": mdp.step_limit or None,
    }  # fmt: skip
    return found | ({"MAP": list(world.map)} if isinstance(world, GridWorld) else {})


def source(world: World, name: str, data: str, imports: str = "") -> str:
    """The whole module.

    Args:
        name: of the file, without extension; `module_of` makes the module's of it.
        data: the lines that define what `arrays` and `names` name.
        imports: lines before the import of gymnasium.
    """
    words = _docstring(world.description)
    head = HEAD.format(
        title=_docstring(world.title) or "A world", description=f"\n{words}\n" if words else "", module=module_of(name),
        identifier=identifier_of(name), imports=imports,
    )  # fmt: skip
    render = ON_A_MAP if isinstance(world, GridWorld) else BY_NAME
    return head + data + "\n" + BODY.format(name=class_of(name), render=render)


def literals(world: World) -> str:
    """The table as lists of numbers in the source."""
    lines = [f"{name} = {_listed(value) if isinstance(value, list) else repr(value)}" for name, value in names(world).items()]
    for name, values in arrays(world).items():
        told = _listed(values.tolist())
        lines.append(f"{name} = np.array({told}" + (", bool)" if values.dtype == bool else ")"))
    return "\n".join(lines) + "\n"


def module_of(name: str) -> str:
    """A name for a module: small letters, digits and _."""
    found = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    found = found if found and not found[0].isdigit() else f"world_{found}".strip("_")
    return f"{found}_world" if keyword.iskeyword(found) or found in {*sys.stdlib_module_names, "gymnasium", "numpy"} else found


def class_of(name: str) -> str:
    """A name for the class: Lecture3x4Env."""
    return "".join(part.capitalize() for part in module_of(name).split("_")) + "Env"


def identifier_of(name: str) -> str:
    """The id that gymnasium knows it by: Lecture3x4-v0."""
    return f"{class_of(name).removesuffix('Env')}-v0"


def _docstring(text: str) -> str:
    """A text that is safe within a docstring, in lines of no more than `WIDTH`."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text).replace("\\", "/").replace('"', "'")
    return "\n".join(_wrapped(plain.split()))


def _listed(values: list[Any]) -> str:
    """A list over as many lines as it needs."""
    parts = [json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value) for value in values]
    whole = f"[{', '.join(parts)}]"
    if len(whole) < 90:
        return whole
    return "[\n" + "\n".join(f"    {line}" for line in _wrapped([f"{part}," for part in parts])) + "\n]"


def _wrapped(words: list[str]) -> list[str]:
    lines: list[str] = []
    length = WIDTH
    for word in words:
        if length + len(word) + 1 > WIDTH - 4:
            lines.append(word)
            length = len(word)
        else:
            lines[-1] += f" {word}"
            length += len(word) + 1
    return lines
