"""The mailbox holds the newest value once, and neither side waits for the other."""

from itertools import pairwise
from threading import Thread

from app.mailbox import Mailbox


def test_the_newest_is_taken_once() -> None:
    box: Mailbox[str] = Mailbox()
    assert box.empty and box.take() is None
    box.put("old")
    box.put("new")
    assert not box.empty
    assert box.take() == "new"
    assert box.empty and box.take() is None


def test_values_that_look_like_nothing_are_values() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(0)
    assert not box.empty and box.take() == 0


def test_a_reader_sees_values_in_order_and_the_last_one() -> None:
    box: Mailbox[int] = Mailbox()
    last = 20_000

    def write() -> None:
        for number in range(1, last + 1):
            box.put(number)

    writer = Thread(target=write)
    writer.start()
    seen: list[int] = []
    while not seen or seen[-1] != last:
        value = box.take()
        if value is not None:
            seen.append(value)
    writer.join()
    assert all(earlier < later for earlier, later in pairwise(seen))
    assert box.empty
