"""Stories about the same people; see factories.py. And what every process of the tests needs before it imports anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.dont_write_bytecode:
    # Where the environment wants no __pycache__, every worker and every program that a test starts would compile
    # thousands of modules anew, ten seconds each: what is compiled is kept, but out of sight.
    COMPILED = Path(__file__).resolve().parent.parent / ".pytest_cache" / "compiled"
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(COMPILED)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(COMPILED)
