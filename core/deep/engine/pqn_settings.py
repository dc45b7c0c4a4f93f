"""Settings of PQN. Needs no torch."""

from typing import Self

from pydantic import model_validator

from core.config import again, setting
from core.deep.engine.settings import RETURN, NetworkConfig, OptimizerName, Width
from core.schedules import Kind, LearningRate, Probability, Schedule

ROLLOUT = "Rollout"


class PQNConfig(NetworkConfig):
    """Settings of PQN."""

    epsilon: Probability = again(NetworkConfig, "epsilon", Schedule(kind=Kind.linear, start=1.0, end=0.05, duration=25_000))
    widths: tuple[Width, ...] = again(NetworkConfig, "widths", (128, 128))
    layer_norm: bool = again(NetworkConfig, "layer_norm", True)
    learning_rate: LearningRate = again(NetworkConfig, "learning_rate", Schedule(kind=Kind.linear, start=1e-3, end=5e-5, duration=100_000))
    optimizer: OptimizerName = again(NetworkConfig, "optimizer", OptimizerName.radam)
    trace_decay: float = setting(
        0.9,
        "Trace decay",
        "How far rewards reach back: 0 one step, as in Q-learning; 1 to the end of the episode or of the rollout.",
        symbol="λ",
        ge=0,
        le=1,
        section=RETURN,
    )
    environments: int = setting(
        8,
        "Parallel environments",
        "Copies of the world in which each member acts at once. More give steadier gradients and more steps a second.",
        unit="environments",
        ge=1,
        le=1024,
        section=ROLLOUT,
    )
    rollout: int = setting(
        32,
        "Rollout length",
        "Steps of every environment between two trainings. What they brought is learned from and then forgotten.",
        unit="steps",
        ge=1,
        le=4096,
        section=ROLLOUT,
    )
    epochs: int = setting(
        4,
        "Epochs",
        "How often a rollout is gone through. More learn more from each step, but from older values.",
        ge=1,
        le=100,
        section=ROLLOUT,
    )
    minibatches: int = setting(
        4,
        "Minibatches",
        "Parts of equal size into which a rollout is shuffled in each epoch, with one update for each.",
        ge=1,
        le=4096,
        section=ROLLOUT,
    )

    @property
    def transitions(self) -> int:
        """Of one rollout."""
        return self.environments * self.rollout

    @model_validator(mode="after")
    def _in_equal_parts(self) -> Self:
        if self.transitions % self.minibatches:
            raise ValueError(
                f"{self.environments} environments make {self.transitions} transitions in {self.rollout} steps, "
                f"which {self.minibatches} minibatches cannot share evenly"
            )
        return self
