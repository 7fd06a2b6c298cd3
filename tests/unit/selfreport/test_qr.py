"""The code on the discharge sheet holds the address and fetches nothing."""

import re

from apps.selfreport.qr import link_qr_svg

URL = "https://ivig.hospital.example/r/" + "aB3-" * 10 + "xyz/"


def test_it_is_an_svg_element_that_scales_and_fetches_nothing():
    svg = link_qr_svg(URL)
    assert svg.startswith("<svg") and svg.rstrip().endswith("</svg>")
    assert "viewBox" in svg and not re.search(r"\s(width|height)=", svg.partition(">")[0])
    assert "href" not in svg and "script" not in svg and URL not in svg
    assert len(svg) < 8000
