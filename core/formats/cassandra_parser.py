"""Reads Cassandra's files of decision processes into dense arrays: https://www.pomdp.org/code/pomdp-file-spec.html

Of a partially observable process the part that can be observed fully: states, actions, transitions and rewards.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

import numpy as np

from core.errors import WorldError, nearest
from core.worlds.mdp import Floats

MOST = 2**24
"""Numbers of one array at most: 128 MiB."""
PREAMBLE = ("discount", "values", "states", "actions", "observations")
WORD = re.compile(r":|[^\s:]+")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
RESERVED = {*PREAMBLE, "start", "include", "exclude", "uniform", "identity", "reset", "reward", "cost", "T", "O", "R"}

Places = int | slice
"""One of the states or actions, or all of them."""


class Process(NamedTuple):
    """What was read.

    Attributes:
        states: S names, and A actions.
        observations: how many there are; 0 in a process that is observed fully.
        transitions: [A, S, S] float64.
        rewards: [A, S, S] float64; of costs, the negative.
        start: [S] float64; None where nothing is said.
    """

    states: list[str]
    actions: list[str]
    observations: int
    discount: float
    transitions: Floats
    rewards: Floats
    start: Floats | None


class Parser:
    """One pass over the words of a file.

    Args:
        text: all of the file.
        where: what errors name.
    """

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self.line = 1
        self._words = self._split(text)
        self._next: str | None = None
        self._next_line = 1
        self._advance()

    def process(self) -> Process:
        """All of it; WorldError names the line at fault."""
        self.known: dict[str, list[str]] = {}
        self.places: dict[str, dict[str, int]] = {}
        self.discount, self.costs = math.nan, False
        self.start: Floats | None = None
        while self._next in PREAMBLE:
            self._preamble(self._take())
        for name in ("states", "actions"):
            if name not in self.known:
                self._fail(f"the file does not say '{name}:'", "It must come before T and R")
        if math.isnan(self.discount):
            self._fail("the file does not say 'discount:'", "It must come before T and R")
        states, actions = len(self.known["states"]), len(self.known["actions"])
        if actions * states * states > MOST:
            self._fail(f"{states:,} states and {actions:,} actions are too many for this format", f"Read are up to {MOST:,} probabilities")
        self.observations = len(self.known.get("observations", ""))
        if self._next == "start":
            self._start()
        self.t = np.zeros((actions, states, states))
        self.r = np.zeros((actions, states, states))
        while self._next is not None:
            kind = self._take()
            if kind not in ("T", "O", "R"):
                self._fail(f"'{kind[:30]}' was not expected here", "A line begins with T:, R: or O:")
            self._colon()
            {"T": self._transitions, "R": self._rewards, "O": self._ignored}[kind]()
        rewards = -self.r if self.costs else self.r
        return Process(self.known["states"], self.known["actions"], self.observations, self.discount, self.t, rewards + 0.0, self.start)

    def _preamble(self, what: str) -> None:
        self._colon()
        if what == "discount":
            self.discount = self._number("the discount")
            if not 0 <= self.discount <= 1:
                self._fail(f"the discount must lie from 0 to 1, not {self.discount:g}")
        elif what == "values":
            word = self._take()
            if word not in ("reward", "cost"):
                self._fail(f"values are '{word[:30]}'", "They must be reward or cost")
            self.costs = word == "cost"
        else:
            self.known[what] = self._names(what)

    def _names(self, what: str) -> list[str]:
        if self._next is not None and self._next.isdecimal():
            count = int(self._take()[:9])
            if not 1 <= count <= 1_000_000:
                self._fail(f"there cannot be {count:,} {what}")
            return [str(number) for number in range(count)]
        found: list[str] = []
        while self._next is not None and self._next not in RESERVED and NAME.fullmatch(self._next):
            found.append(self._take())
        if not found:
            self._fail(f"'{what}:' needs a number or names", "Names begin with a letter")
        if len(set(found)) < len(found):
            self._fail(f"a name stands twice among the {what}")
        return found

    def _start(self) -> None:
        states = self.known["states"]
        self._take()
        kind = self._take() if self._next in ("include", "exclude") else ""
        self._colon()
        self.start = np.zeros(len(states))
        if kind:
            chosen = np.zeros(len(states), bool)
            while self._next is not None and self._next not in RESERVED:
                chosen[self._index("states", wild=False)] = True
            chosen = chosen if kind == "include" else ~chosen
            if not chosen.any():
                self._fail(f"'start {kind}:' leaves no state to start in")
            self.start[chosen] = 1 / chosen.sum()
        elif self._next == "uniform":
            self._take()
            self.start[:] = 1 / len(states)
        elif self._next in states and not (self._next or "").isdecimal():
            self.start[self._index("states", wild=False)] = 1.0
        else:
            first = self._number("a start probability")
            if self._next in (None, *RESERVED) and first == int(first) and len(states) > 1:
                if not 0 <= first < len(states):
                    self._fail(f"there is no state {first:g}")
                self.start[int(first)] = 1.0
            else:
                self.start[:] = [first, *(self._number("a start probability") for _ in states[1:])]

    def _transitions(self) -> None:
        action = self._index("actions")
        states = len(self.known["states"])
        if self._next != ":":
            if self._word("uniform"):
                self.t[action] = 1 / states
            elif self._word("identity"):
                self.t[action] = np.eye(states)
            else:
                self.t[action] = self._numbers("a probability", states * states).reshape(states, states)
            return
        self._colon()
        state = self._index("states")
        if self._next != ":":
            if self._word("uniform"):
                self.t[action, state] = 1 / states
            elif self._word("reset"):
                self.t[action, state] = self.start if self.start is not None else 1 / states
            else:
                self.t[action, state] = self._numbers("a probability", states)
            return
        self._colon()
        following = self._index("states")
        self.t[action, state, following] = self._number("a probability")

    def _rewards(self) -> None:
        """Rewards by observation are read where they do not depend on it."""
        action = self._index("actions")
        states, seen = len(self.known["states"]), max(self.observations, 1)
        if self._next != ":":
            if self.observations:
                self._fail("R needs a state after the action", "Write R: action : state : next state : observation and a number")
            self.r[action] = self._numbers("a reward", states * states).reshape(states, states)
            return
        self._colon()
        state = self._index("states")
        if self._next != ":":
            self.r[action, state] = self._alike(self._numbers("a reward", states * seen).reshape(states, seen))
            return
        self._colon()
        following = self._index("states")
        if self._next != ":":
            self.r[action, state, following] = self._alike(self._numbers("a reward", seen).reshape(1, seen))[0]
            return
        self._colon()
        if self._next == "*":
            self._take()
        elif not self.observations:
            self._fail("R names an observation, but there are none", "Leave it out, or write *")
        elif isinstance(self._index("observations"), int) and self.observations > 1:
            self._fail("the reward depends on what is observed, which is not read", "Give rewards for all observations: *")
        self.r[action, state, following] = self._number("a reward")

    def _alike(self, rewards: Floats) -> Floats:
        if (rewards != rewards[:, :1]).any():
            self._fail("the reward depends on what is observed, which is not read", "Give the same reward for every observation")
        return rewards[:, 0]

    def _ignored(self) -> None:
        """Skips what is said of observations."""
        while self._next is not None and self._next not in ("T", "O", "R"):
            self._take()

    def _index(self, kind: str, wild: bool = True) -> Places:
        names, word = self.known.get(kind, []), self._take()
        if word == "*" and wild:
            return slice(None)
        if kind not in self.places:
            self.places[kind] = {name: place for place, name in enumerate(names)}
        place = self.places[kind].get(word, -1)
        if place < 0 and word.isdecimal() and len(word) < 10:
            place = int(word)
        if not 0 <= place < len(names):
            near = nearest(word[:30], names[:1000])
            one = "an" if kind[0] in "ao" else "a"
            self._fail(f"'{word[:30]}' is not {one} {kind.removesuffix('s')}", f"Did you mean {near[0]}?" if near else None)
        return place

    def _word(self, word: str) -> bool:
        if self._next != word:
            return False
        self._take()
        return True

    def _numbers(self, what: str, count: int) -> Floats:
        return np.fromiter((self._number(what) for _ in range(count)), np.float64, count)

    def _number(self, what: str) -> float:
        word = self._take()
        if not NUMBER.fullmatch(word):
            self._fail(f"'{word[:30]}' is not {what}", "Write a number, such as 0.5")
        value = float(word)
        if not math.isfinite(value):
            self._fail(f"'{word[:30]}' is not {what}", "Write a number, such as 0.5")
        return value

    def _colon(self) -> None:
        word = self._take()
        if word != ":":
            self._fail(f"':' was expected, not '{word[:30]}'")

    def _take(self) -> str:
        word = self._next
        if word is None:
            self._fail("the file ends too early")
        self.line = self._next_line
        self._advance()
        return word

    def _advance(self) -> None:
        self._next, self._next_line = next(self._words, (None, self._next_line))

    def _split(self, text: str) -> Iterator[tuple[str, int]]:
        for number, line in enumerate(text.splitlines(), 1):
            for word in WORD.findall(line.partition("#")[0]):
                yield word, number

    def _fail(self, what: str, remedy: str | None = None) -> NoReturn:
        raise WorldError(what, where=f"{self.where}, line {self.line}", remedy=remedy)
