"""How much memory there is: what the machine has, or less where a control group has a limit, in files as Linux writes them."""

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core import memory
from core.memory import free_memory, usable_memory

GIB = 2**30
UNLIMITED = 9223372036854771712
"""What version 1 says where there is no limit."""
Groups = Callable[..., None]


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Groups:
    """Makes the files of a process in control groups, on a machine of 64 GiB with 40 of them free."""

    def make(membership: str, files: dict[str, object]) -> None:
        (tmp_path / "membership").write_text(membership)
        for name, text in files.items():
            (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "groups" / name).write_text(f"{text}\n")

    there = psutil.virtual_memory()._replace(total=64 * GIB, available=40 * GIB)
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: there)
    monkeypatch.setattr(memory, "MOUNTED", tmp_path / "groups")
    monkeypatch.setattr(memory, "MEMBERSHIP", tmp_path / "membership")
    return make


def test_where_there_are_no_control_groups_it_is_what_the_machine_has(groups: Groups) -> None:
    assert (usable_memory(), free_memory()) == (64 * GIB, 40 * GIB)


def test_a_container_of_version_2_sees_its_own_group_as_the_root(groups: Groups) -> None:
    groups("0::/\n", {"memory.max": 2 * GIB, "memory.current": GIB, "memory.stat": f"anon 7\ninactive_file {GIB // 4}\nactive_file 5"})
    assert (usable_memory(), free_memory()) == (2 * GIB, GIB + GIB // 4)


def test_a_container_of_version_1_is_told_a_path_that_it_does_not_see(groups: Groups) -> None:
    files = {"limit_in_bytes": 2 * GIB, "usage_in_bytes": GIB, "stat": f"inactive_file 9\ntotal_inactive_file {GIB // 2}"}
    membership = "12:cpu,cpuacct:/docker/4f\n11:hugetlb,memory:/docker/4f\n1:name=systemd:/docker/4f\n0::/docker/4f\n"
    groups(membership, {f"memory/memory.{name}": text for name, text in files.items()})
    assert (usable_memory(), free_memory()) == (2 * GIB, GIB + GIB // 2)


@pytest.mark.parametrize(
    ("inner", "outer", "known"),
    [("max", 3 * GIB, 3 * GIB), (5 * GIB, 3 * GIB, 3 * GIB), (5 * GIB, 8 * GIB, 5 * GIB), (None, "max", 64 * GIB)],
)
def test_the_least_of_nested_groups_counts(inner: object, outer: object, known: int, groups: Groups) -> None:
    files = {"user.slice/a:b.scope/memory.max": inner, "user.slice/memory.max": outer, "system.slice/memory.max": 7}
    groups("0::/user.slice/a:b.scope\n", {name: text for name, text in files.items() if text is not None})
    assert usable_memory() == known


def test_what_is_free_is_the_least_of_what_each_group_has_left(groups: Groups) -> None:
    inner = {"a/b/memory.max": 4 * GIB, "a/b/memory.current": GIB, "a/b/memory.stat": "inactive_file 0"}
    outer = {"a/memory.max": 6 * GIB, "a/memory.current": 5 * GIB, "a/memory.stat": "inactive_file 0"}
    groups("0::/a/b\n", inner | outer)
    assert (usable_memory(), free_memory()) == (4 * GIB, GIB)


def test_without_a_limit_it_is_what_the_machine_has(groups: Groups) -> None:
    groups("4:memory:/user\n0::/user\n", {"memory/user/memory.limit_in_bytes": UNLIMITED, "user/memory.max": "max"})
    assert (usable_memory(), free_memory()) == (64 * GIB, 40 * GIB)


def test_a_group_that_has_outgrown_a_limit_lowered_since_has_nothing_free(groups: Groups) -> None:
    groups("0::/\n", {"memory.max": GIB, "memory.current": 2 * GIB, "memory.stat": "inactive_file 0"})
    assert free_memory() == 0


@pytest.mark.parametrize("damage", ["", "limit", "-"])
def test_what_is_no_number_is_no_limit(damage: str, groups: Groups) -> None:
    groups("0::/\n", {"memory.max": damage})
    assert (usable_memory(), free_memory()) == (64 * GIB, 40 * GIB)


def test_where_only_the_limit_can_be_read_no_more_than_that_is_free(groups: Groups) -> None:
    groups("0::/\n", {"memory.max": GIB})
    assert (usable_memory(), free_memory()) == (GIB, GIB)
