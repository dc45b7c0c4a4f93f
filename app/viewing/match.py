"""A person plays by keys, and the agent after them from the same start."""

import time

import numpy as np

from app.viewing.frames import Score
from app.viewing.seat import Seat
from core.demonstration import Demonstration, Seen
from core.learner import Learner
from core.pictures import Packing, Picture

REST = 0.7
"""Seconds after the end of an episode in which keys do not begin the next: they were meant for the one before."""


class Match:
    """Episodes of a person, each followed by one of the agent that nobody watches.

    Args:
        rival: plays for the agent.
        idle: the action while no key is held; None for the last one.
        turns: whether each key is one step, and nothing happens in between.
        score: of before.

    Attributes:
        waiting: whether the next key begins.
        played: what the person did in the newest episode that has ended, until somebody takes it.
    """

    def __init__(self, rival: Seat, idle: int | None, turns: bool, score: Score) -> None:
        self.rival, self.idle, self.turns, self.score = rival, idle, turns, score
        self.pending: list[int] = []
        self.played: Demonstration | None = None
        self._seen: list[Seen] = []
        self._pictures = Packing()
        self._actions: list[int] = []
        self._lost: list[int] = []
        self.await_key()
        self._chasing = False

    @property
    def idle_now(self) -> bool:
        """Whether nothing happens until a key is pressed."""
        return self.waiting or self._rest

    @property
    def action(self) -> int:
        """What the person does now."""
        if self.held is not None:
            return self.held
        return self._last if self.idle is None or self.turns else self.idle

    @property
    def states(self) -> tuple[int, ...]:
        """The states of the person's episode so far, where they are listed."""
        return tuple(seen for seen in self._seen if isinstance(seen, int))

    def await_key(self) -> None:
        """A new episode stands ready."""
        self.waiting, self._rest, self._until = True, False, 0.0
        self.held: int | None = None
        self._last = 0 if self.idle is None else self.idle
        self._forget()
        self.pending.clear()

    def hold(self, action: int | None, seat: Seat) -> bool:
        """A key is held, or none; whether a new episode began with it."""
        began = False
        if self._rest:
            return False
        if self.waiting and action is not None:
            if seat.episode.ended:
                seat.begin()
                self._forget()
                began = True
            self.waiting = False
        self.held = action
        if action is not None:
            self._last = action
            self.pending.append(action)
        return began

    def step(self, seat: Seat, learner: Learner) -> bool:
        """The person's next step, if there is one to take."""
        if self.idle_now or (self.turns and not self.pending):
            return False
        action = self.pending.pop(0) if self.turns else self.action
        if not seat.environment.mask[action]:
            return False
        if not self._actions:
            self._see(seat.seen)
        lives = seat.environment.lives
        seat.step(learner, action=action)
        if seat.environment.lives < lives:
            self._lost.append(len(self._actions))
        self._see(seat.seen)
        self._actions.append(action)
        if not self.turns:
            self.pending.clear()
        if seat.episode.ended:
            self.score = self.score.with_yours(seat.episode.total)
            seen = self._pictures.finished() if self._pictures.count else self._seen
            self.played = Demonstration.of(seen, self._actions, seat.episode.rewards, not seat.episode.cut, self._lost)
            self.rival.begin_at(seat.environment.episode_seed)
            self._chasing = True
            self.held, self._rest, self._until = None, True, time.perf_counter() + REST
            self.pending.clear()
        return True

    def work(self, learner: Learner, seconds: float) -> bool:
        """Let the agent play on for so long; whether anything is new."""
        began = time.perf_counter()
        if self._rest and began >= self._until:
            self._rest, self.waiting = False, True
            return True
        while self._chasing and time.perf_counter() - began < seconds:
            self.rival.step(learner)
            if self.rival.episode.ended:
                self.score = self.score.with_agents(self.rival.episode.total)
                self._chasing = False
                return True
        return False

    def _forget(self) -> None:
        """Nothing was done yet in the person's episode."""
        self._seen, self._actions, self._lost = [], [], []
        self._pictures = Packing()

    def _see(self, seen: Seen | Picture) -> None:
        if isinstance(seen, np.ndarray):
            self._pictures.add(seen)
        else:
            self._seen.append(seen)

    def close(self) -> None:
        self.rival.close()
