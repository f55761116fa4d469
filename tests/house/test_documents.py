"""Documents are true: the generated ones are current, links resolve, every setting and command is told, examples run."""

from __future__ import annotations

import doctest
import importlib.util
import re
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# The picture is taken from the finished demo at a release, so it may be missing in between.
_TAKEN_LATER: set[str] = set()


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def generator():
    loader = SourceFileLoader("generate_docs", str(ROOT / "scripts" / "generate_docs"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("generate_docs", loader))
    loader.exec_module(module)
    module.set_up()
    return module


def test_generated_documents_are_current(generator):
    outdated = [_name(path) for path, text in generator.documents().items() if path.read_text("utf-8") != text]
    assert outdated == [], "run scripts/generate_docs"


def test_the_list_of_requirements_is_written_in_both_languages():
    import tomllib

    for key, entry in tomllib.loads((ROOT / "docs" / "requirements.toml").read_text("utf-8")).items():
        assert re.fullmatch(r"[A-Z]{3}-\d\d", key)
        assert entry["en"]
        assert entry["zh"]


def test_every_setting_is_documented():
    settings = (ROOT / "src/yingting/web/settings.py").read_text("utf-8")
    named = set(re.findall(r"YINGTING_[A-Z_]+", settings)) - {"YINGTING_TESTING", "YINGTING_TEST_DB"}
    told = (ROOT / "docs/settings.md").read_text("utf-8")
    assert sorted(name for name in named if f"`{name}`" not in told) == []


def test_every_command_is_named_in_both_readmes():
    import typer

    from yingting.web import cli

    cli._mount_parts()
    group = typer.main.get_command(cli.app)
    names = []
    for name, command in group.commands.items():
        if not command.hidden:
            names += (
                [f"yingting {name} {part}" for part in command.commands]
                if hasattr(command, "commands")
                else [f"yingting {name}"]
            )
    assert len(names) > 5
    for readme in ("README.md", "README.zh.md"):
        text = (ROOT / readme).read_text("utf-8")
        assert [name for name in names if name not in text] == [], readme


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(path):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://|mailto:", target):
            continue
        file, _, heading = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists() or (there.is_relative_to(ROOT) and _name(there) in _TAKEN_LATER), target
        if heading:
            assert heading in _headings(there), target


def _headings(path: Path) -> set[str]:
    found = re.findall(r"^#+ +(.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_files_named_in_documents_exist(path):
    """A path in backticks from the project's folder, or from src/yingting, must exist."""
    if _name(path) == "CHANGELOG.md":
        pytest.skip("history may name what is gone")
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for named in re.findall(r"`((?:src|docs|tests|scripts|benchmarks|requirements)/[\w./\-]+)`", text):
        assert (ROOT / named).exists() or named in _TAKEN_LATER, named
    for named in re.findall(
        r"`((?:kernel|indicators|twin|foundation|domains|reporting|planning|web)/[\w./\-]+)`", text
    ):
        assert (ROOT / "src" / "yingting" / named).exists(), named


def _python_blocks() -> list:
    return [
        pytest.param(block, id=f"{_name(path)}-{number}")
        for path in DOCUMENTS
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), flags=re.DOTALL), 1)
    ]


@pytest.mark.parametrize("block", _python_blocks())
def test_python_examples_run(block, db):
    exec(compile(block, "<document>", "exec"), {"__name__": "example"})


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if "```pycon" in path.read_text("utf-8")], ids=_name)
def test_sessions_say_what_their_document_shows(path):
    result = doctest.testfile(str(path), module_relative=False, verbose=False)
    assert result.attempted > 20
    assert result.failed == 0
