"""An environment of a person: go right to the end. What else it does is told by `trouble`, as "what" or "what@where"."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, ClassVar

import gymnasium
import numpy as np

HALF_A_GIB = 2**29


class Corridor(gymnasium.Env[Any, Any]):
    metadata: ClassVar = {"render_modes": ["rgb_array"], "render_fps": 10}

    def __init__(self, render_mode: str | None = None, length: int = 6, trouble: str = "") -> None:
        self.length, self.render_mode = length, render_mode
        self.trouble, _, self.where = trouble.partition("@")
        self.observation_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self.action_space = gymnasium.spaces.Discrete(2)
        self._misbehave("init")

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.place, self.steps = int(self.np_random.integers(3)), 0
        self._misbehave("reset")
        return self._seen(), {}

    def step(self, action: Any) -> Any:
        self.place = max(0, self.place + (1 if action else -1))
        self.steps += 1
        self._misbehave("step")
        ended = self.place >= self.length
        given: list[Any] = [self._seen(), float(ended) - 0.01, ended, self.steps >= 20, {}]
        wrong = {
            "nan reward": (1, float("nan")), "text reward": (1, "much"), "nan": (0, np.array([np.nan, 0], np.float32)),
            "shape": (0, np.zeros(3, np.float32)), "kind": (0, np.zeros(2, complex)), "object": (0, {"a": 1}), "flag": (2, "no"),
        }.get(self.trouble)  # fmt: skip
        if wrong is not None:
            given[wrong[0]] = wrong[1]
        return tuple(given[:4]) if self.trouble == "tuple" else tuple(given)

    def render(self) -> Any:
        self._misbehave("render")
        picture = np.full((4, self.length + 1, 3), 240, np.uint8)
        picture[:, self.place] = 0
        return picture.astype(float) if self.trouble == "picture" else picture

    def _seen(self) -> Any:
        return np.array([self.place / self.length, 0.1 * self.np_random.random()], np.float32)

    def _misbehave(self, where: str) -> None:
        if where != self.where:
            return
        match self.trouble:
            case "raise":
                raise ValueError(f"no luck in\n{where}")
            case "hang":
                while True:
                    time.sleep(0.001)
            case "exit":
                os._exit(3)
            case "leave":
                sys.exit("I leave")
            case "crash":
                import faulthandler

                faulthandler._sigsegv()  # type: ignore[attr-defined]
            case "flood":
                print("x" * 1_000_000)
                print("the last words")
            case "wait":
                while Path(__file__).with_name("closed").exists():
                    time.sleep(0.001)
            case "slow":
                time.sleep(0.05)
            case "eat":
                self.eaten = b"x" * HALF_A_GIB
                time.sleep(3600)
            case "eat later":
                threading.Thread(target=lambda: setattr(self, "eaten", b"x" * HALF_A_GIB), daemon=True).start()
                self.trouble = ""
            case "breed":
                code = f"eaten = b'x' * {HALF_A_GIB // 3}; input()"
                self.bred = [subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) for _ in range(3)]
                print("bred", *(process.pid for process in self.bred))
                time.sleep(3600)
            case "leave behind":
                print("bred", subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE).pid, flush=True)
                self.trouble = "exit"


gymnasium.register("Corridor-v0", entry_point=Corridor)
