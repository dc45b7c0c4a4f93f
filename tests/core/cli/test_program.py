"""`python main.py` as a person starts it: a real process."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def main(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "main.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_solve_prints_the_reference_values() -> None:
    done = main("solve", "grid/lecture-3x4", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    expected = [0.81, 0.9, 1, 0, 0.729, 0.9, 1, 0.6561, 0.729, 0.81, 0.729]
    assert max(abs(value - wanted) for value, wanted in zip(found["values"], expected, strict=True)) < 1e-9


def test_a_mistake_ends_with_exit_code_2() -> None:
    done = main("solve", "grid/lecture")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no world named 'grid/lecture'. Did you mean grid/lecture-3x4")


def test_commands_import_only_what_they_need() -> None:
    code = "import sys, main; main.main(sys.argv[1:]); print([name for name in ('torch', 'numba', 'gymnasium', 'PySide6', 'app') if name in sys.modules], file=sys.stderr)"  # fmt: skip # noqa: E501
    done = subprocess.run([sys.executable, "-c", code, "list", "algorithms"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    code = "import sys, main; print([name for name in ('typer', 'rich', 'pydantic', 'numpy', 'torch', 'PySide6') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_doctor_runs_where_packages_are_missing() -> None:
    code = """if True:
        import sys
        for name in ("numpy", "numba", "torch", "gymnasium", "PySide6"):
            sys.modules[name] = None
        import importlib.util
        find = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *rest: None if sys.modules.get(name, 1) is None else find(name, *rest)
        import main
        sys.exit(main.main(["doctor"]))
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "torch: it is not installed. Install it with: python -m pip install -c constraints.txt torch." in done.stdout
