"""Assets that come from Python packages are the ones their authors published."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders


def test_uplot_is_the_published_file():
    found = finders.find("vendor/uplot/uplot.iife.min.js")
    assert found
    digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()
    assert digest == "2d27e8ad3d228164525ce213f9dc716f39b4e3aee0cc773fb3491c96cf4921a2"
    assert finders.find("vendor/uplot/uplot.min.css")
