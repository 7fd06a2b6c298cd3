#!/usr/bin/env python3
"""Commands of IVIG Monitor. `demo` and `test` set up everything they need; the rest is Django's.

This file is written so that an old Python can read it and say what is wrong.
"""

import sys


def main():
    if sys.version_info < (3, 11):
        sys.exit(
            "IVIG Monitor needs Python 3.11 or newer, and this is Python %d.%d (%s)."
            % (sys.version_info[0], sys.version_info[1], sys.executable)
        )
    from ivig_monitor.launch.command_line import run

    sys.exit(run(sys.argv))


if __name__ == "__main__":
    main()
