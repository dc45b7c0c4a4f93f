"""What happens in the watched episodes: the agent plays, or a person; what they order is done between two steps.

Lives in the worker's thread: an environment is made, drawn and closed where it is used. It draws from no stream of the run, so that a
watched run and an unwatched one give the same numbers.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.viewing import orders
from app.viewing.camera import Camera
from app.viewing.frames import Companion, Posed, Score, ViewerFrame
from app.viewing.match import Match
from app.viewing.orders import Order
from app.viewing.seat import Seat
from app.viewing.slicer import Slicer
from core.learner import Learner
from core.runs.spec import RunSpec
from core.worlds.gym import GymWorld
from core.worlds.poses import Pose, pose_for, within

SHARE = 0.005
"""Seconds of steps at most, and of pictures of companions, before the learner has its turn again."""
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
    """

    def __init__(self, filmed: Callable[[Path, str | None], None] = lambda *_: None) -> None:
        self.filmed = filmed
        self.playing, self.pace, self.epsilon = True, 1.0, 0.0
        self.first, self.count = 0, 1
        self.start: int | None = None
        self.slicer = Slicer()
        self.seats: list[Seat] = []
        self.match: Match | None = None
        self.camera: Camera | None = None
        self._film: orders.Film | None = None
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
        """Make the environments of a run in a gymnasium world."""
        assert isinstance(spec.world, GymWorld)
        configs = spec.variants() or (spec.settings(),) * spec.members
        self.world, self.seed = spec.world, spec.seed
        self.discounts = [spec.world.discount if config.discount is None else config.discount for config in configs]
        self.first = min(self.first, spec.members - 1)
        self._seat_members()
        self.rate = float(self.front.environment.env.metadata.get("render_fps") or RATE)
        self._pose: Pose | None = pose_for(self.front.environment)
        self._next = time.perf_counter()

    def work(self, learner: Learner) -> None:
        """Whatever is due by now: orders, steps, a piece of a map."""
        for order in self._waiting:
            self._obey(order, learner)
        self._waiting.clear()
        self._advance(learner)
        if self.slicer.work(self.world, self.front.environment, learner, self.front.member):
            self._changed()

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
        self._cut()
        self._film = None
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
        self.seats = [kept.get(member) or Seat(self.world, self.seed, member, self.discounts[member]) for member in wanted]
        for seat in self.seats:
            seat.start = self.start
        self._pictures: dict[int, np.ndarray | None] = {}
        self._turn = 0
        self._changed(picture=True)

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
            case orders.Drag(handle, x, y):
                self._drag(handle, x, y)
            case orders.Put(state):
                self._put(state)
            case orders.Slice():
                self.slicer.ask(order)
            case orders.NoSlice():
                self.slicer.ask(None)
            case orders.Film():
                self._cut()
                self._film = order
            case orders.Cut():
                self._cut()
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
            rival = Seat(self.world, self.seed, self.front.member, self.front.discount, render=False)
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

    def _drag(self, handle: int, x: float, y: float) -> None:
        if self._pose is not None:
            bare = self.front.environment.env.unwrapped
            self._put(self._pose.drag(bare, self._pose.read(bare), handle, x, y))

    def _put(self, state: tuple[float, ...]) -> None:
        if self._pose is None or self.match is not None:
            return
        self.playing = False
        quantities = self._pose.quantities(self.front.environment.env.unwrapped)
        for seat in self.seats:
            seat.pose(self._pose, within(quantities, state))
        self._changed(picture=True)

    def _advance(self, learner: Learner) -> None:
        """The steps that are due."""
        if self._film is not None and self.camera is None:
            self._roll()
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
        while now >= self._next and now - began < SHARE and not (self.camera is not None and self.camera.busy):
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
        if self.camera is not None:
            self._shoot()

    def _roll(self) -> None:
        """Begin to record."""
        assert self._film is not None
        try:
            self.camera = Camera(self._film.path, self.rate, self.filmed)
        except Exception as error:
            self.filmed(self._film.path, str(error))
            self._film = None
            return
        self._left = self._film.episodes or -1
        if self.match is None:
            self._begin()
            self.playing = True
        self._shoot()

    def _shoot(self) -> None:
        assert self.camera is not None
        picture = self.front.environment.render()
        if picture is not None:
            self.camera.take(picture)
        self._left -= self.front.episode.ended
        if self._left == 0 or self.camera.full or picture is None:
            self._cut()

    def _cut(self) -> None:
        if self.camera is not None:
            self.camera.finish()
        self.camera = self._film = None

    def _changed(self, picture: bool = False) -> None:
        self._stale = True
        if picture:
            self._redraw = True

    def _look(self, before: ViewerFrame | None) -> ViewerFrame:
        seat, episode = self.front, self.front.episode
        choice = seat.choice
        assert choice is not None
        picture = seat.environment.render() if before is None or self._redraw else before.picture
        company = self._company(picture) if len(self.seats) > 1 else ()
        self._redraw = False
        steered = self.match is not None and not self.match.waiting and not episode.ended
        action = self.match.action if self.match is not None and steered else choice.action
        return ViewerFrame(
            picture, seat.environment.observation, choice.values, action, seat.reward, episode.total, episode.steps, episode.ended,
            episode.discounted, choice.explores, seat.ended + (not episode.ended), seat.last_return, seat.reckoning,
            seat.environment.episode_seed, seat.member, len(self.discounts), self.playing, self.match is not None,
            self.match is not None and self.match.waiting, Score() if self.match is None else self.match.score, self._posed(),
            company, self.slicer.newest, None if self.camera is None else self.camera.taken,
        )  # fmt: skip

    def _posed(self) -> Posed | None:
        if self._pose is None:
            return None
        bare = self.front.environment.env.unwrapped
        state = self._pose.read(bare)
        return Posed(self._pose.quantities(bare), state, self._pose.handles(bare, state), self._pose.whole)

    def _company(self, front: np.ndarray | None) -> tuple[Companion, ...]:
        """The members side by side. Their pictures are drawn in turn, as many at a time as there is time for."""
        self._pictures[self.front.member] = front
        began = time.perf_counter()
        for _ in self.seats[1:]:
            self._turn = self._turn % (len(self.seats) - 1) + 1
            seat = self.seats[self._turn]
            self._pictures[seat.member] = seat.environment.render()
            if self.playing and time.perf_counter() - began > SHARE:
                break
        return tuple(
            Companion(seat.member, self._pictures.get(seat.member), seat.episode.total, seat.episode.steps, seat.episode.ended,
                      seat.last_return)
            for seat in self.seats
        )  # fmt: skip
