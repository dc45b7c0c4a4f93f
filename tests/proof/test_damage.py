"""Damaged and hostile run folders are refused with a sentence, or open: nothing crashes and nothing is executed."""

import random
import shutil
from pathlib import Path

import pytest

from core.errors import ValuescapeError
from core.learner import Budget
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world

TOKENS = [b"NaN", b"1e999", b"9" * 20, b"-1", b"null", b"[]", b"{}", b'""', b"true", b'"../../x"', b'{"$array": "x"}', b"\x00"]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A copy with bytes flipped, cut out, doubled, or replaced by something nasty."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5, 20))):
        place = rng.randrange(len(found) + 1)
        match rng.randrange(5):
            case 0 if place < len(found):
                found[place] ^= 1 << rng.randrange(8)
            case 1:
                del found[place : place + rng.choice((1, 4, 100))]
            case 2:
                found[place:place] = found[place : place + rng.choice((1, 10, 1000))]
            case 3:
                found[place : place + rng.choice((0, 1, 4))] = rng.choice(TOKENS)
            case _:
                del found[place : None if rng.random() < 0.2 else place + 1]
    return bytes(found)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "run"
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1, members=2))
    session.advance(Budget(300))
    session.change({"discount": 0.5})
    session.advance(Budget(100))
    folder.save(session, place)
    return place


@pytest.mark.parametrize("part", ["run.json", "checkpoint"])
@pytest.mark.parametrize("files", [300, pytest.param(20_000, marks=[pytest.mark.slow, pytest.mark.timeout(3000)])])
def test_a_damaged_run_is_refused_or_opens(kept: Path, tmp_path: Path, part: str, files: int) -> None:
    place = tmp_path / "run"
    shutil.copytree(kept, place)
    file = place / part if part == "run.json" else next(place.glob("checkpoint-*.npz"))
    data, rng = file.read_bytes(), random.Random(part)
    refused = 0
    for _ in range(files):
        file.write_bytes(mutated(data, rng))
        try:
            folder.resume(place).close()
        except ValuescapeError as error:
            assert error.sentence
            refused += 1
    assert 0 < refused < files


def test_what_is_pickled_is_never_opened(kept: Path, tmp_path: Path) -> None:
    import numpy as np

    place = tmp_path / "run"
    shutil.copytree(kept, place)
    file = next(place.glob("checkpoint-*.npz"))
    with np.load(file) as arrays:
        whole = dict(arrays)

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (open, (str(tmp_path / "executed"),))

    name = next(iter(whole))
    np.savez(file, **whole | {name: np.array([Trap()], object)})
    with pytest.raises(ValuescapeError, match="damaged"):
        folder.resume(place)
    assert not (tmp_path / "executed").exists()
