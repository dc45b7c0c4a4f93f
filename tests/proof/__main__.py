"""The proofs: `python -m tests.proof` runs them all in full, in some four hours; names run some of them, `--short` a short form.

python -m tests.proof [--short] [kills] [damage] [cycles] [obey] [soak]
"""

import subprocess
import sys
from pathlib import Path

PLACE = Path(__file__).parent
SLOW = ["-m", "pytest", "-v", "-m", "slow", "--timeout", "7200"]

PROOFS: dict[str, tuple[list[str], list[str]]] = {
    "kills": ([str(PLACE / "storm.py"), "1000"], [str(PLACE / "storm.py"), "20"]),
    "damage": (
        [*SLOW, str(PLACE), str(PLACE.parent / "core" / "policies"), "-k", "damage"],
        ["-m", "pytest", "-q", str(PLACE), str(PLACE.parent / "core" / "policies"), "-k", "damage"],
    ),
    "cycles": ([str(PLACE / "cycles.py"), "1000"], [str(PLACE / "cycles.py"), "120"]),
    "obey": ([str(PLACE / "obey.py"), "300"], [str(PLACE / "obey.py"), "30"]),
    "soak": ([str(PLACE / "soak.py"), "120"], [str(PLACE / "soak.py"), "4"]),
}
"""What each is run by, in full and short."""


def main(arguments: list[str]) -> int:
    """Run the named proofs, one after another; 0 if none failed."""
    short, names = "--short" in arguments, [name for name in arguments if name != "--short"]
    unknown = [name for name in names if name not in PROOFS]
    if unknown:
        print(f"There is no proof named {', '.join(unknown)}. Known: {', '.join(PROOFS)}.", file=sys.stderr)
        return 2
    failed = []
    for name in names or PROOFS:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, *PROOFS[name][short]], cwd=PLACE.parents[1], check=False).returncode:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all held", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
