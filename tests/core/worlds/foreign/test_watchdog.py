"""Time that the machine slept does not count."""

from core.worlds.foreign.watchdog import BEAT, Watchdog


class Waiting:
    def __init__(self) -> None:
        self.seconds = 0.0

    def waited(self, seconds: float) -> None:
        self.seconds += seconds


def test_an_hour_of_sleep_is_two_beats_at_most() -> None:
    now = [100.0]
    watchdog, waiting = Watchdog(lambda: now[0]), Waiting()
    watchdog.watched.add(waiting)
    for moment in (100.0 + BEAT, 3700.0, 3700.0 + BEAT):
        now[0] = moment
        watchdog.beat()
    assert abs(waiting.seconds - 4 * BEAT) < 1e-6


def test_it_counts_only_what_is_watched() -> None:
    now = [0.0]
    watchdog, one, other = Watchdog(lambda: now[0]), Waiting(), Waiting()
    watchdog.watched.add(one)
    watchdog.watched.add(other)
    watchdog.leave(other)
    now[0] = BEAT
    watchdog.beat()
    assert (one.seconds, other.seconds) == (BEAT, 0.0)
