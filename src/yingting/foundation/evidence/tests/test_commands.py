"""`yingting proofs verify` says how many there are and which are damaged."""

from typer.testing import CliRunner

from yingting.foundation.evidence import store
from yingting.foundation.evidence.cli import proofs_app
from yingting.foundation.evidence.tests.files import PDF, WAV


def test_verify_counts_and_names_the_damaged(taken):
    taken(PDF)
    lost = taken(WAV)
    whole = CliRunner().invoke(proofs_app, ["verify"])
    assert (whole.exit_code, whole.output) == (0, "2 proof objects, 0 damaged.\n")
    store.drop(lost.digest)
    damaged = CliRunner().invoke(proofs_app, ["verify"])
    assert (damaged.exit_code, damaged.output.splitlines()[-1]) == (1, "2 proof objects, 1 damaged.")
    assert damaged.output.startswith(f"missing: {lost.pk} of tests.matter")
