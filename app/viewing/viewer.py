"""What happens in the watched episodes: the agent plays, or a person; what they order is done between two steps.

Lives in the worker's thread: an environment is made, drawn and closed where it is used. It draws from no stream of the run, so that a
watched run and an unwatched one give the same numbers.
"""

import time
from collections.abc import Callable
from pathlib import Path

from app.viewing import orders
from app.viewing.company import Company
from app.viewing.frames import Score, ViewerFrame
from app.viewing.match import Match
from app.viewing.orders import Order
from app.viewing.posing import Posing
from app.viewing.recorder import Recorder
from app.viewing.seat import Seat
from app.viewing.slicer import Slicer
from core.demonstration import Demonstration
from core.learner import Learner
from core.runs.spec import RunSpec
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.poses import State

SHARE = 0.005
"""Seconds of steps at most before the learner has its turn again."""
HOLD = 0.6
"""Seconds at real time for which the end of an episode is on show."""
RATE = 30.0
"""Steps a second in real time where an environment does not tell."""
FASTEST = 1000.0
"""Steps a second at most."""


class Viewer:
    """Endless episodes in the environment of the run.

    Args:
        filmed: told of every recording when its file is complete, in a thread of the camera's: the path, and None or what went wrong.

    Attributes:
        playing: whether the episode goes on by itself.
        pace: multiples of real time.
        epsilon: probability of a random action.
        teaching: whether the agent is to learn from what a person plays.
    """

    def __init__(self, filmed: Callable[[Path, str | None], None] = lambda *_: None) -> None:
        self.recorder = Recorder(filmed)
        self.teaching = False
        self.playing, self.pace, self.epsilon = True, 1.0, 0.0
        self.first, self.count = 0, 1
        self.start: int | None = None
        self.slicer = Slicer()
        self.seats: list[Seat] = []
        self.match: Match | None = None
        self._waiting: list[Order] = []
        self._frame: ViewerFrame | None = None
        self._next = 0.0
        self._stale = self._redraw = True

    @property
    def front(self) -> Seat:
        """The member in front."""
        return self.seats[0]

    def direct(self, order: Order) -> None:
        """Take an order; it is obeyed before the next step. Of many drags in a row only the last counts."""
        if isinstance(order, orders.Drag | orders.Put) and self._waiting and isinstance(self._waiting[-1], type(order)):
            self._waiting.pop()
        self._waiting.append(order)

    def open(self, spec: RunSpec) -> None:
        """Make the environments of a run."""
        configs = spec.variants() or (spec.settings(),) * spec.members
        self.world, self.seed = spec.world, spec.seed
        self.discounts = [spec.world.discount if config.discount is None else config.discount for config in configs]
        self.first = min(self.first, spec.members - 1)
        self._host = spec.world.host() if isinstance(spec.world, GymWorld) else None
        self._seat_members()
        environment, self.rate = self.front.environment, RATE
        if isinstance(environment, GymEnvironment):
            self.rate = environment.rate or RATE
        self.posing = Posing(environment)
        self._next = time.perf_counter()

    def work(self, learner: Learner) -> None:
        """Whatever is due by now: orders, steps, a piece of a map."""
        for order in self._waiting:
            self._obey(order, learner)
        self._waiting.clear()
        self._advance(learner)
        if self.slicer.work(self.world, self.front.environment, learner, self.front.member):
            self._changed()

    def take_played(self) -> Demonstration | None:
        """The episode that a person has just ended, for the agent to learn from; None where there is none, or nobody asked for that."""
        played = None if self.match is None else self.match.played
        if self.match is not None:
            self.match.played = None
        return played if self.teaching else None

    def wait(self) -> float:
        """Seconds until something is due; at most 0.02."""
        longest = 0.01 if self.slicer.order is not None or self.match is not None else 0.02
        return longest if self._resting else min(max(self._next - time.perf_counter(), 0.0), longest)

    def frame(self, learner: Learner) -> ViewerFrame | None:
        """What there is to see now; the same object until something has changed."""
        if not self.seats:
            return None
        for seat in self.seats:
            if seat.consider(learner, self._chance):
                self._changed()
        if self._frame is None or self._stale:
            self._frame = self._look(self._frame)
            self._stale = False
        return self._frame

    def close(self) -> None:
        """Let go of the run; what is being recorded ends here."""
        self.recorder.cut()
        for seat in self.seats:
            seat.close()
        if self.match is not None:
            self.match.close()
        self.seats, self.match, self._frame = [], None, None
        self.slicer.clear()

    def _seat_members(self) -> None:
        """Make a seat for each member on show; those that have one keep it."""
        wanted = range(self.first, min(self.first + self.count, len(self.discounts)))
        kept = {seat.member: seat for seat in self.seats}
        for member in set(kept) - set(wanted):
            kept.pop(member).close()
        self.seats = [kept.get(member) or self._seat(member) for member in wanted]
        for seat in self.seats:
            seat.start = self.start
        self._company = Company()
        self._changed(picture=True)

    def _seat(self, member: int, render: bool = True) -> Seat:
        return Seat(self.world, self.seed, member, self.discounts[member], render, self._host)

    @property
    def opened(self) -> bool:
        """Whether there are environments."""
        return bool(self.seats)

    @property
    def _resting(self) -> bool:
        """Whether nothing goes on by itself."""
        return not self.playing or (self.match is not None and self.match.idle_now)

    @property
    def _chance(self) -> float:
        """Probability of a random action now."""
        return 0.0 if self.match is not None else self.epsilon

    def _obey(self, order: Order, learner: Learner) -> None:
        match order:
            case orders.Play(on):
                self.playing, self._next = on, time.perf_counter()
            case orders.OneStep():
                self.playing = False
                self._step_all(learner)
            case orders.Pace(times):
                self.pace, self._next = times, time.perf_counter()
            case orders.Explore(epsilon):
                self.epsilon = epsilon
            case orders.Begin(seed):
                self.start = seed
                self._begin()
            case orders.Show(first, count):
                self.first, self.count = min(first, len(self.discounts) - 1), count
                self._seat_members()
            case orders.Steer(on, idle, turns):
                self._steer(on, idle, turns)
            case orders.Hold(action):
                if self.match is not None and self.match.hold(action, self.front):
                    self._changed(picture=True)
            case orders.Teach(on):
                self.teaching = on
            case orders.Drag(handle, x, y):
                self._put(self.posing.dragged(self.front.environment, handle, x, y))
            case orders.Put(state):
                self._put(state)
            case orders.Slice():
                self.slicer.ask(order)
            case orders.NoSlice():
                self.slicer.ask(None)
            case orders.Film():
                self.recorder.ask(order)
            case orders.Cut():
                self.recorder.cut()
        self._changed()

    def _steer(self, on: bool, idle: int | None, turns: bool) -> None:
        score = Score()
        if self.match is not None:
            score = self.match.score
            self.match.close()
            self.match = None
        if on:
            self.first, self.count = self.front.member, 1
            self._seat_members()
            rival = self._seat(self.front.member, render=False)
            self.match = Match(rival, idle, turns, score)
        self._begin()
        self.playing = True

    def _begin(self) -> None:
        for seat in self.seats:
            seat.start = self.start
            seat.begin()
        if self.match is not None:
            self.match.await_key()
        self._next = time.perf_counter() + 1 / (self.rate * self.pace)
        self._changed(picture=True)

    def _put(self, state: State | None) -> None:
        pose = self.posing.pose
        if pose is None or state is None or self.match is not None:
            return
        self.playing = False
        state = self.posing.fitting(self.front.environment, state)
        for seat in self.seats:
            seat.pose(pose, state)
        self._changed(picture=True)

    def _advance(self, learner: Learner) -> None:
        """The steps that are due."""
        if self.recorder.waiting and self.recorder.roll(self.rate):
            if self.match is None:
                self._begin()
                self.playing = True
            self._shoot()
        now = began = time.perf_counter()
        if self.match is not None and self.match.work(learner, SHARE):
            self._changed()
        if self._resting:
            self._next = now
            return
        if self.match is not None and self.match.turns:
            while self.match.step(self.front, learner):
                self._stepped()
            return
        times = 1.0 if self.match is not None else self.pace
        period = max(1 / (self.rate * times), 1 / FASTEST)
        while now >= self._next and now - began < SHARE and not self.recorder.busy:
            if self.match is None:
                self._step_all(learner)
            elif self.match.step(self.front, learner):
                self._stepped()
            now = time.perf_counter()
            self._next = max(self._next + period, now - 2 * period)
            if self.front.episode.ended:
                self._next = now + (HOLD if self.match is None and len(self.seats) == 1 else 0.0) / max(times, 1.0)
                return

    def _step_all(self, learner: Learner) -> None:
        for seat in self.seats:
            seat.step(learner, self._chance)
        self._stepped()

    def _stepped(self) -> None:
        self._changed(picture=True)
        self._shoot()

    def _shoot(self) -> None:
        self.recorder.shoot(self.front.environment, self.front.episode.ended)

    def _changed(self, picture: bool = False) -> None:
        self._stale = True
        if picture:
            self._redraw = True

    def _look(self, before: ViewerFrame | None) -> ViewerFrame:
        seat, episode = self.front, self.front.episode
        choice = seat.choice
        assert choice is not None
        picture = seat.environment.render() if before is None or self._redraw else before.picture
        company = self._company.look(self.seats, picture, self.playing) if len(self.seats) > 1 else ()
        self._redraw = False
        steered = self.match is not None and not self.match.waiting and not episode.ended
        action = self.match.action if self.match is not None and steered else choice.action
        match = self.match
        return ViewerFrame(
            picture, seat.environment.observation, choice.values, action, seat.reward, episode.total, episode.steps, episode.ended,
            episode.discounted, choice.explores, seat.ended + (not episode.ended), seat.last_return, seat.reckoning,
            seat.environment.episode_seed, seat.member, len(self.discounts), self.playing, match is not None,
            match is not None and match.waiting, Score() if match is None else match.score,
            self.posing.posed(seat.environment), company, self.slicer.newest, self.recorder.taken,
            seat.environment.state, () if match is None else match.states, self.teaching,
        )  # fmt: skip
