"""The ground shows what each cell earns, a reward of its own in place of that of its kind."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.stage.ground import ground
from app.stage.hit import Placement
from core.worlds.grid import GridWorld


def picture(world: GridWorld, cell: float) -> QImage:
    place = Placement(world.rows, world.columns, cell, 0.0, 0.0)
    return ground(world, place, round(cell * world.columns), round(cell * world.rows), 1.0).toImage()


@pytest.mark.parametrize("cell", ["0,0", "0,1", "0,2", "0,3"])
def test_a_reward_of_its_own_is_written_where_there_is_room(qapp: QApplication, cell: str) -> None:
    plain = GridWorld(map=("S.TG",))
    own = plain.model_copy(update={"rewards": {cell: 7.0}})
    assert picture(own, 60) != picture(plain, 60)
    assert picture(own, 60) == picture(own, 60)
    assert picture(own, 12) == picture(plain, 12)
