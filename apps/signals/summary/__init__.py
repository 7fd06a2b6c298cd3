"""The periodic summary: what a time brought, as a paper."""

from apps.signals.summary.build import summary_for
from apps.signals.summary.content import Summary
from apps.signals.summary.pdf import render_summary

__all__ = ["Summary", "render_summary", "summary_for"]
