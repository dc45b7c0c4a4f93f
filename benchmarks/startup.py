"""Time from the start of the process to the first paint of the window, beside a bare Qt window and a bare interpreter.

    python benchmarks/startup.py [RUNS]

Every figure is the median of RUNS fresh processes (7 by default) on the offscreen platform. Target: at most 1.0 s on
two cores, with torch, gymnasium and numba imported only afterwards.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]

STUDIO = """
import sys
from PySide6.QtCore import QEvent, QObject
from app.start import start
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            heavy = [name for name in ("torch", "gymnasium", "numba") if name in sys.modules]
            print("painted", *heavy, flush=True)
            import os; os._exit(0)
        return False
application, studio = start()
filter = Painted()
studio.window.stage.installEventFilter(filter)
for child in studio.window.stage.findChildren(QObject):
    if child.isWidgetType():
        child.installEventFilter(filter)
studio.window.show()
application.exec()
"""

QT = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.show()
application.processEvents()
print("painted", flush=True)
import os; os._exit(0)
"""

CASES = {"python -c pass": "print('painted')", "bare Qt window": QT, "Valuescape": STUDIO}


def once(code: str) -> tuple[float, str]:
    """Seconds until the process says it has painted, and what it said."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout.strip()


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for code in CASES.values():
        once(code)
    times: dict[str, list[float]] = {name: [] for name in CASES}
    said = {}
    for _ in range(runs):
        for name, code in CASES.items():
            seconds, said[name] = once(code)
            times[name].append(seconds)
    for name, values in times.items():
        print(f"{name:16} median {statistics.median(values):.3f} s   min {min(values):.3f}   max {max(values):.3f}   {said[name]}")


if __name__ == "__main__":
    main()
