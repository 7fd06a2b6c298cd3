"""`python -m bench.inside <command> <JSON>`: the last line printed is the answer as JSON."""

import importlib
import json
import sys

import django

COMMANDS = {
    "migrate": "bench.inside.seeding",
    "prepare": "bench.inside.seeding",
    "sessions": "bench.inside.seeding",
    "finish": "bench.inside.seeding",
    "plain_tokens": "bench.inside.plain",
    "board": "bench.inside.board",
    "spread": "bench.inside.spreading",
    "publish": "bench.inside.publishing",
    "fill_timers": "bench.inside.timing",
    "chains": "bench.inside.chains",
}

if __name__ == "__main__":
    django.setup()
    command = getattr(importlib.import_module(COMMANDS[sys.argv[1]]), sys.argv[1])
    print(json.dumps(command(**json.loads(sys.argv[2]))))
