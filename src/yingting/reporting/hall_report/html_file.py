"""The report as one HTML file that needs nothing else: no network, no script, its styles inside."""

from __future__ import annotations

from importlib import resources

from django.template.loader import render_to_string

from yingting.reporting.hall_report.view_model import ReportView


def to_html(view: ReportView, language: str) -> str:
    """Return the report as a self-contained HTML document."""
    style = (resources.files("yingting.reporting") / "static" / "reporting" / "report.css").read_text("utf-8")
    return render_to_string("reporting/hall_report_file.html", {"view": view, "style": style, "language": language})
