"""The servers that were tried. `{port}` becomes the port."""

WSGI_THREADS = 4


def granian_wsgi(workers: int = 2, application: str = "ivig_monitor.wsgi:application") -> list[str]:
    """Granian, one thread pool per process."""
    return [
        *_granian("wsgi", workers, application),
        *("--blocking-threads", str(WSGI_THREADS), "--no-ws"),
    ]


def granian_asgi(workers: int = 2) -> list[str]:
    """Granian speaking ASGI."""
    return _granian("asginl", workers, "ivig_monitor.asgi:application")


def uvicorn(workers: int = 2) -> list[str]:
    """uvicorn, as the product starts it."""
    return [
        *("-m", "uvicorn", "ivig_monitor.asgi:application", "--host", "127.0.0.1", "--port", "{port}"),
        *("--workers", str(workers), "--lifespan", "off", "--no-access-log", "--log-level", "warning"),
    ]


def daphne() -> list[str]:
    """Daphne, one process: it has no workers."""
    return [
        *("-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "--no-server-name", "-v", "0"),
        "ivig_monitor.asgi:application",
    ]


def _granian(interface: str, workers: int, application: str) -> list[str]:
    return [
        *("-m", "granian", "--interface", interface, "--host", "127.0.0.1", "--port", "{port}"),
        *("--workers", str(workers), "--no-access-log", "--log-level", "warning", application),
    ]
