"""Q of what members see, on a processor: hardly more than the compiled pass, which takes less time than calls of torch around it."""

from typing import Any

from numpy.typing import NDArray

from core.deep.engine.dense.passes import Dense, read
from core.deep.engine.glance import Glance


class DenseGlance(Glance):
    """As `Glance`, through fully connected networks of one number for each action."""

    def __call__(self) -> NDArray[Any]:
        passes = self.network.passes
        assert isinstance(passes, Dense)
        seen = self.seen if self.encoding.plain else read(self.encoding.expand(self._shared.tensor))
        outputs, _ = passes.through(seen, self.network.used)
        return outputs[..., 0]
