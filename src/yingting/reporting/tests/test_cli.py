"""The commands: exit codes, languages, and that nothing is half-written."""

import csv
import json

import pytest
from typer.testing import CliRunner

from yingting.reporting.cli import app
from yingting.reporting.tests.logs import ZH_ROWS, write, zh_log


@pytest.fixture
def run(tmp_path):
    def call(*arguments, language="en"):
        found = CliRunner().invoke(
            app, [*map(str, arguments), "--lake", str(tmp_path / "lake"), "--language", language]
        )
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found

    return call


def test_import_and_report_from_the_command_line(run, tmp_path):
    log = write(tmp_path / "log.csv", zh_log(), "gbk")
    how = ("import", "tickets", log, "--preset", "queue-machine-zh", "--hall", "H9", "--new-halls")
    checked = run(*how, "--dry-run")
    assert (checked.exit_code, (tmp_path / "lake" / "imports").exists()) == (0, False)
    assert "Checked only; nothing was written." in checked.output
    taken = run(*how)
    assert (taken.exit_code, "5 tickets taken." in taken.output) == (0, True)
    again = run(*how)
    assert (again.exit_code, "was imported before" in again.output) == (0, True)

    found = run("report", "--format", "json", "--minimum-sample", "1")
    assert json.loads(found.stdout)["halls"][0]["figures"]["queueing.wait_within_limit"] == {"value": 2 / 3, "n": 3}
    strict = run("report", "--format", "json", "--minimum-sample", "1", "--strict")
    assert json.loads(strict.stdout)["halls"][0]["figures"]["queueing.wait_within_limit"] == {"value": 1 / 3, "n": 3}
    for form in ("html", "xlsx", "text"):
        assert run("report", "--format", form, "-o", tmp_path / f"r.{form}").exit_code == 0
        assert (tmp_path / f"r.{form}").stat().st_size > 1000
    html = (tmp_path / "r.html").read_text("utf-8")
    assert "http" not in html.replace("http://www.w3.org", "")
    assert "<script" not in html


def test_bad_rows_refuse_the_file_with_exit_code_1_and_can_be_written_out(run, tmp_path):
    log = write(tmp_path / "log.csv", zh_log(*ZH_ROWS, "A9,缴费,昨天,,,,,,弃号"))
    how = ("import", "tickets", log, "--preset", "queue-machine-zh", "--hall", "H9", "--new-halls")
    refused = run(*how, "--bad-rows", tmp_path / "bad.csv")
    assert refused.exit_code == 1
    assert "7" in refused.output
    assert "昨天" in refused.output
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][:3] == ["7", "取号时间", "昨天"]
    assert run("report").exit_code == 1
    assert run(*how, "--take-good").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "tickets", "x.csv"),
        ("import", "tickets", "x.csv", "--preset", "a", "--mapping", "b"),
        ("report", "--format", "html"),
        ("report", "--format", "pdf"),
        ("report", "--from", "yesterday"),
    ],
)
def test_wrong_use_is_exit_code_2(run, arguments):
    assert run(*arguments).exit_code == 2


@pytest.mark.django_db
def test_unknown_files_presets_and_halls_are_exit_code_1(run, tmp_path):
    log = write(tmp_path / "log.csv", zh_log())
    for arguments, told in (
        (("import", "tickets", tmp_path / "no.csv", "--preset", "queue-machine-zh", "--new-halls"), "There is no file"),
        (("import", "tickets", log, "--preset", "nothing", "--new-halls"), "There is no preset"),
        (("import", "tickets", log, "--preset", "queue-machine-zh", "--hall", "H9"), "not known here: H9"),
        (("report", "--from", "2026-02-03", "--to", "2026-02-02"), "ends before it begins"),
    ):
        found = run(*arguments)
        assert (found.exit_code, told in found.output) == (1, True), found.output
