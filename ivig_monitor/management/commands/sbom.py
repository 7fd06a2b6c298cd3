"""`manage.py sbom > sbom.json`: every package of the running service, its version and its digests, as CycloneDX 1.6."""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.edge.rights import OPERATOR


class Command(BaseCommand):
    rights = OPERATOR
    help = "Print the software bill of materials (CycloneDX 1.6, JSON) of what requirements.txt pins."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        command = [sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.txt"]
        command += ["--pyproject", "pyproject.toml", "--mc-type", "application"]
        command += ["--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
            raise CommandError(f"The bill of materials cannot be made: {last}")
        self.stdout.write(done.stdout)
