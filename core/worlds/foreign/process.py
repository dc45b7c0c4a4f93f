"""One process of environments: it is started, asked, watched, and ended when it takes too long or too much, or nobody needs it."""

import atexit
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from enum import Enum, auto
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from core.errors import EnvironmentFailure
from core.worlds.foreign import child, messages, running
from core.worlds.foreign.ending import how, kill, kill_started_by
from core.worlds.foreign.memory import Family
from core.worlds.foreign.printed import Printed
from core.worlds.foreign.watchdog import BEAT, watchdog

LAST_WORDS = 0.2
"""Seconds that a process has for telling where it hangs."""
FAREWELL = 1.0
"""Seconds that it has for closing its environments."""


class Cause(Enum):
    """Why it was ended from here."""

    abandoned = auto()
    hung = auto()
    outgrown = auto()


class Process:
    """Answers messages until it ends. Made, asked and ended in one thread.

    Args:
        name: of the environment.
        memory: bytes that it may take, with all that it starts.

    Attributes:
        owner: identifier of the thread.
        held: whether learners should hold still between two steps; set by other threads.
        over: whether it has been ended.
        printed: what it prints.

    Raises:
        EnvironmentFailure: where the system starts none.
    """

    def __init__(self, name: str, memory: int) -> None:
        self.name, self.memory = name, memory
        self.owner = threading.get_ident()
        self.held = self.over = False
        self._lock = threading.Lock()
        self._limit = self._waited = 0.0
        self._asking = False
        self._cause: Cause | None = None
        spawn = get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        printed, output = spawn.Pipe(duplex=False)
        self._process: BaseProcess = spawn.Process(target=child.main, args=(theirs, output), name=f"environment {name}")
        try:
            self._process.start()
        except OSError as error:
            self._connection.close()
            printed.close()
            raise EnvironmentFailure(f"no process could be started for it ({error.strerror})", where=name) from error
        finally:
            theirs.close()
            output.close()
        assert self._process.pid is not None
        self._number = self._process.pid
        self._family = Family(self._number)
        self.printed = Printed(name, printed)
        running.enter(self)
        watchdog.watch(self)

    def ask(self, call: str, message: bytes, limit: float) -> bytes:
        """The answer to a message, of one byte at least; it may take `limit` seconds, and as long again after each sign of life.

        Raises:
            EnvironmentFailure: where there is none. The process has ended then.
        """
        with self._lock:
            self._limit, self._waited, self._asking = limit, 0.0, True
        try:
            self._connection.send_bytes(message)
            while (answer := self._connection.recv_bytes(messages.LARGEST))[:1] == messages.ALIVE:
                with self._lock:
                    self._waited = 0.0
        except (EOFError, OSError):
            raise self._gone(call) from None
        finally:
            with self._lock:
                self._asking = False
        if self._cause is not None:
            raise self._gone(call)
        if not answer:
            raise self.confused(call)
        return answer

    def confused(self, call: str) -> EnvironmentFailure:
        """It answers nonsense, and is ended."""
        return self._failure(f"its process answered {call} with what nobody understands")

    def quit(self, message: bytes) -> None:
        """End it in order, by a message that tells it so."""
        with suppress(OSError):
            self._connection.send_bytes(message)
            self._process.join(FAREWELL)
        self.end()

    def end(self) -> None:
        """End it, whatever it does; safe to call twice."""
        watchdog.leave(self)
        running.leave(self)
        with self._lock:
            if self.over:
                return
            self.over = True
        kill(self._process)
        self._process.join()
        self._connection.close()
        self._process.close()

    def __del__(self) -> None:
        with suppress(Exception):  # no more than this: whoever collects garbage may hold any lock
            if not self.over:
                kill(self._process)
                self._process.join()

    def waited(self, seconds: float) -> None:
        """Time goes by; called by the watchdog."""
        if self._family.takes_more_than(self.memory):
            self._give_up(Cause.outgrown, BEAT)
            return
        with self._lock:
            self._waited += seconds
            late = self._asking and self._waited > self._limit
        if late:
            self._give_up(Cause.hung, LAST_WORDS)

    @property
    def keeps_waiting(self) -> float:
        """Seconds for which an answer has been waited for."""
        return self._waited if self._asking else 0.0

    def abandon(self) -> None:
        """Nobody needs an answer any more: whoever waits for one is told so. From any thread."""
        self._give_up(Cause.abandoned)

    def _give_up(self, cause: Cause, words: float = 0.0) -> None:
        """End it from another thread; its owner, who waits or will ask, is told why.

        Args:
            cause: the first one counts.
            words: seconds that it has for telling where it is.
        """
        with self._lock:
            if self._cause is not None or self.over:
                return
            self._cause = cause
        if words and hasattr(signal, "SIGUSR1"):
            with suppress(OSError, ValueError):
                os.kill(self._number, signal.SIGUSR1)
                time.sleep(words)
        with self._lock, suppress(OSError):
            if self.over:
                return
            kill(self._process)
            if os.name != "nt":  # what the environment has started may hold the other end open
                with socket.socket(fileno=os.dup(self._connection.fileno())) as ours:
                    ours.shutdown(socket.SHUT_RDWR)

    def _gone(self, call: str) -> EnvironmentFailure:
        """Why nothing was answered."""
        match self._cause:
            case Cause.abandoned:
                return self._failure("it is needed no more")
            case Cause.hung:
                what = f"{call} took longer than {self._limit:g} s, so its process was ended"
                return self._failure(what, "Mend it, or give it more time")
            case Cause.outgrown:
                what = f"its process took more than {self.memory / 2**30:.3g} GiB of memory in {call}, so it was ended"
                return self._failure(what, "Mend it, take fewer members, or give it more memory")
        self._process.join(LAST_WORDS)
        code = self._process.exitcode
        if code is not None:
            kill_started_by(self._number)
        if os.name != "nt" and code == -signal.SIGKILL:
            what = f"its process was killed in {call}, perhaps because the memory of this machine was full"
            return self._failure(what, "Mend it, take fewer members, or close other programs")
        return self._failure(f"its process ended by itself in {call} ({how(code)})")

    def _failure(self, what: str, remedy: str | None = None) -> EnvironmentFailure:
        """The end of the process, with what it printed last."""
        self.end()
        self.printed.wait(LAST_WORDS)
        failure = EnvironmentFailure(what, where=self.name, remedy=remedy)
        failure.details = self.printed.text
        return failure


@atexit.register
def _end_all() -> None:
    for process in running.processes():
        process.abandon()
