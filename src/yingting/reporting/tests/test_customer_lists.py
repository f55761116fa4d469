"""`yingting import customers`: checked, taken in, every bad row told in words."""

import pytest
from typer.testing import CliRunner

from yingting.foundation.customers.models import Customer
from yingting.reporting.cli import import_app

pytestmark = pytest.mark.django_db


def test_the_command_checks_takes_and_tells_bad_rows_in_words(cast, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("\r\n".join(["号,谁,手机", "A1,王芳芳,13800138000", "A2,李四,12", ""]).encode("gb18030"))
    common = [
        "customers",
        str(path),
        "--unit",
        "GD/GZ/TH/H01/",
        "--source",
        "BOSS",
        "--column",
        "name=谁",
        "--language",
        "zh",
    ]
    checked = CliRunner().invoke(import_app, [*common, "--dry-run"])
    assert (checked.exit_code, Customer.objects.count()) == (1, 0)
    assert "3: 这不是电话号码，请核对。" in checked.output
    assert CliRunner().invoke(import_app, [*common, "--take-good"]).exit_code == 0
    assert Customer.objects.get().source == "import:BOSS"
