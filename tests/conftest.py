"""Every test runs headless, on one torch thread, with its own folders for settings and data; processes that share the tests of one run
share the machine code of kernels, too."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="valuescape-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
    os.environ[variable] = _home
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["XDG_CACHE_HOME"] = _home

from hypothesis import settings  # noqa: E402

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("steady")
