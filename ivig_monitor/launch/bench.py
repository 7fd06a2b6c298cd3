"""`manage.py bench`: the embedded servers, then every measurement against them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ivig_monitor.launch.embedded import Embedded
from ivig_monitor.launch.places import ROOT


def main(arguments: Sequence[str]) -> int:
    """Run the measurements named (every one without a name). Returns the exit status."""
    base = Path(tempfile.mkdtemp(prefix="ivig-bench-"))
    base.chmod(0o755)
    try:
        with Embedded(base) as servers:
            command = [sys.executable, "-m", "bench", *arguments]
            return subprocess.run(command, cwd=ROOT, env=os.environ | servers.addresses).returncode
    finally:
        shutil.rmtree(base, ignore_errors=True)
