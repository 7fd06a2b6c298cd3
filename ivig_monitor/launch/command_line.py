"""Which command was asked for, and whether it needs the virtual environment made first."""

import errno
import importlib.util
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from ivig_monitor.launch import bench, bootstrap, demo, test
from ivig_monitor.launch.places import ROOT
from ivig_monitor.launch.problem import LaunchProblem

SETTINGS = "ivig_monitor.settings.base"


def run(arguments: Sequence[str]) -> int:
    """Run `manage.py`'s arguments. Returns the exit status; problems become one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        match list(arguments[1:]):
            case ["demo", *rest]:
                options = demo.parse(rest)
                demo.check(options)
                bootstrap.enter(ROOT, ["requirements.txt"], arguments)
                return demo.main(options)
            case ["test", *rest]:
                bootstrap.enter(ROOT, ["requirements.txt", "requirements-dev.txt"], arguments)
                return test.main(rest)
            case ["bench", *rest]:
                bootstrap.enter(
                    ROOT, ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"], arguments
                )
                return bench.main(rest)
            case ["guidelines", *_]:
                with redirect_stdout(sys.stderr):  # what it prints is to be read by programs
                    bootstrap.enter(ROOT, ["requirements.txt"], arguments)
                return _django(arguments)
            case ["sbom", *_]:
                with redirect_stdout(sys.stderr):
                    bootstrap.enter(ROOT, ["requirements.txt", "requirements-dev.txt"], arguments)
                return _django(arguments)
            case _:
                return _django(arguments)
    except LaunchProblem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            print(f"\nThere is no space left on the disk that holds {ROOT}.", file=sys.stderr)
            return 1
        raise
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _django(arguments: Sequence[str]) -> int:
    if importlib.util.find_spec("django") is None:
        python = bootstrap.python_of(bootstrap.directory(ROOT))
        if python.exists():
            raise LaunchProblem(f"Django is in the virtual environment: run {python} {' '.join(arguments)}")
        raise LaunchProblem(
            "The packages are not installed yet: `python3 manage.py demo` does it, or pip install -r."
        )
    from django.core.management import execute_from_command_line

    execute_from_command_line(list(arguments))
    return 0
