"""What a learner takes from an outcome, where that is not all of it: clipped rewards, and lost lives as ends (Mnih et al. 2015).

Gymnasium has both as wrappers of an environment, ClipReward and AtariPreprocessing's terminal_on_life_loss. They would change what is
played and reported, too, and the latter begins the game anew after each life. So they stand here, between the game and what is learnt of
it: returns, greedy play and evaluation are those of the whole game.
"""

from dataclasses import dataclass

from core.deep.engine.settings import NetworkConfig
from core.worlds.environment import Outcome


@dataclass(frozen=True, slots=True)
class Learnt:
    """How outcomes are learnt from.

    Attributes:
        clip: rewards count as this much at most, and as its negative at least; 0: as they are.
        lives: whether nothing follows where a life is lost.
    """

    clip: float
    lives: bool

    @classmethod
    def by(cls, config: NetworkConfig) -> "Learnt":
        """As the settings say."""
        return cls(config.reward_clip, config.life_loss)

    def reward(self, reward: float) -> float:
        """A reward as it is learnt."""
        return min(max(reward, -self.clip), self.clip) if self.clip else reward

    def of(self, outcome: Outcome, lost: bool) -> Outcome:
        """An outcome as it is learnt, after which a life may be `lost`."""
        over = outcome.terminated or (lost and self.lives)
        return Outcome(self.reward(outcome.reward), over, outcome.truncated and not over)


AS_IT_IS = Learnt(0.0, False)
