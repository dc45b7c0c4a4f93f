"""Every check in one command: `python -m tests`; `python -m tests slow` and `python -m tests gpu` run the marked proofs."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "pytest": ["-m", "pytest", "-q", "-n", "logical", "--dist", "worksteal"],
}


def main(arguments: list[str]) -> int:
    """Run every check, also after one has failed; 0 if all passed. pytest comes last, so that its closing lines end the output."""
    if arguments and arguments[0] in ("slow", "gpu"):
        return _run(["-m", "pytest", "-v", "-m", arguments[0], "--timeout", "3600", *arguments[1:]])
    failed = []
    for name, command in CHECKS.items():
        if name == "pytest" and failed:
            print(f"== failed before the tests: {', '.join(failed)}", flush=True)
        print(f"== {name}", flush=True)
        if _run(command):
            failed.append(name)
        if name != "pytest":
            print(f"== {name}: {'FAILED' if name in failed else 'passed'}", flush=True)
    return 1 if failed else 0


def _run(command: list[str]) -> int:
    everywhere = {"PYTHONHASHSEED": "0"}  # the processes that share the tests must find them in one order
    everywhere["PYTHONDONTWRITEBYTECODE"] = ""  # the many that tests start would each compile every module again
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False, env=os.environ | everywhere).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
