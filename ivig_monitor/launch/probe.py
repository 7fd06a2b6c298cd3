"""Asks a web process over HTTP whether it is ready: for the launcher and for container health checks.

`python -m ivig_monitor.launch.probe http://127.0.0.1:8000/health/ready` ends with 0 when it is.
"""

import os
import sys
import urllib.error
import urllib.request

LIMIT_S = 2.0


def answers(url: str, *, host: str = "") -> bool:
    """Whether the address answers 200 within the limit; `host` is the name to ask for."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=LIMIT_S) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


if __name__ == "__main__":
    # The service answers to the names it is known by, not to the container's address.
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    sys.exit(0 if answers(sys.argv[1], host=name.lstrip(".")) else 1)
