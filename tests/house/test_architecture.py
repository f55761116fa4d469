"""What import-linter cannot see: foreign keys, actions, clocks, saves, names, templates, words."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.db import models
from django.template.loader import get_template
from django.utils.translation import gettext, override

import yingting

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "yingting"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
LOCALES = sorted(path.parent for path in PACKAGE.rglob("locale/zh_Hans") if path.is_dir())


def _sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product (no tests, no migrations) with its path below the package."""
    for file in sorted(PACKAGE.rglob("*.py")):
        place = file.relative_to(PACKAGE)
        if not {"tests", "migrations"} & set(place.parts):
            yield place.as_posix(), ast.parse(file.read_text("utf-8"))


def _modules(pattern: str) -> list[str]:
    names = [module.name for module in pkgutil.walk_packages(yingting.__path__, "yingting.")]
    return [name for name in names if re.fullmatch(pattern, name)]


def _height(module: str) -> tuple[int, int]:
    """How high in the house a module of models stands, read from importlinter.toml."""
    contracts = {
        c["id"]: c
        for c in tomllib.loads((ROOT / "importlinter.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    }
    parts = module.split(".")
    for floor, contract in enumerate(("foundation", "neighbours")):
        container = contracts[contract]["containers"][0].split(".")
        if parts[: len(container)] == container:
            layers = contracts[contract]["layers"]
            level = next(i for i, layer in enumerate(layers) if parts[len(container)] in re.findall(r"\w+", layer))
            return floor, -level
    return (2, 0) if module.startswith("yingting.") else (-1, 0)


# ------------------------------------------------------------------------------------------------ state
def test_foreign_keys_point_down_and_leave_no_name_behind():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("yingting."):
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or field.auto_created:
                continue
            target = field.related_model
            is_own = target._meta.app_label == model._meta.app_label
            if not is_own and _height(target.__module__) >= _height(model.__module__):
                wrong.append(f"{model.__name__}.{field.name} points up or sideways to {target.__name__}")
            if not (field.remote_field.related_name or "").endswith("+"):
                wrong.append(f"{model.__name__}.{field.name} has no related_name='+'")
    assert wrong == []


def _public_functions(name: str) -> list[tuple[str, object]]:
    module = importlib.import_module(name)
    return [
        (f"{name}.{key}", value)
        for key, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == name and not key.startswith("_")
    ]


# What every step shares; it takes the row that an action has read, and is called by actions only.
_SHARED_BY_ACTIONS = r"yingting\.domains\.\w+\.actions\.stepping"


def test_every_action_takes_actor_and_now_by_name():
    wrong = []
    for name in _modules(r"yingting\.domains\.\w+\.actions(\.\w+)?"):
        if re.fullmatch(_SHARED_BY_ACTIONS, name):
            continue
        for path, function in _public_functions(name):
            parameters = inspect.signature(function).parameters
            for wanted in ("actor", "now"):
                if wanted not in parameters or parameters[wanted].kind is not inspect.Parameter.KEYWORD_ONLY:
                    wrong.append(f"{path} does not take {wanted} by name")
    assert wrong == []


def test_no_row_is_saved_whole():
    wrong = []
    for place, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
                named = {keyword.arg for keyword in node.keywords}
                # A row's save() takes nothing by position; what does is a picture, a file, a form's own callable.
                if not node.args and not named & {"update_fields", "force_insert"} and not _is_super(node.func.value):
                    wrong.append(f"{place}:{node.lineno}")
    assert wrong == []


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


# ------------------------------------------------------------------------------------------------ time
_CLOCK_CALLS = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "timezone.now",
    "timezone.localdate",
    "time.time",
}
# The borders, where a clock may be read.
_CLOCK_ROOMS = re.compile(r"web/.*|kernel/clocks\.py|.*/jobs\.py|.*/views(/\w+)?\.py|.*cli\.py")
# How old a file on disk is, is told by the disk's own clock; nothing of the hall's time is decided there.
_AGE_OF_A_FILE = {"foundation/lake/fills.py", "foundation/lake/store.py", "reporting/uploads.py"}


def test_no_clock_is_read_inside_the_house():
    wrong = []
    for place, tree in _sources():
        if _CLOCK_ROOMS.fullmatch(place) or place in _AGE_OF_A_FILE:
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and (name := ".".join(ast.unparse(node.func).split(".")[-2:])) in _CLOCK_CALLS
            ):
                wrong.append(f"{place}:{node.lineno} {name}")
    assert wrong == []


def test_rules_and_actions_do_not_ask_the_house_for_the_time_either():
    """`system_now` is for borders. The one exception is `recorded_at`: when a fact was written, whatever time the hall lives in."""
    users = {
        place
        for place, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in ("system_now", "house_today")
    }
    inside = {
        place
        for place in users
        if re.fullmatch(r".*(/actions(/\w+)?|/rules|/statements|/tables|/contracts)\.py", place)
    }
    assert inside <= {"domains/queueing/actions/stepping.py"}


_INSTANT = re.compile(r"(.*\.)?(now|at|\w+_at)|\w*_now\(\)")
# The lake's files of changes are cut by the day in UTC.
_BY_UTC = re.compile(r"kernel/clocks\.py|foundation/lake/.*")


def test_no_instant_is_cut_to_a_date_but_in_a_time_zone():
    """Until eight in the morning the date in UTC is yesterday's: `business_day` or `local_day` tell the day."""
    wrong = [
        f"{place}:{node.lineno} {ast.unparse(node)}"
        for place, tree in _sources()
        if not _BY_UTC.fullmatch(place)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
        if _INSTANT.fullmatch(ast.unparse(node.func.value))
    ]
    assert wrong == []


# ------------------------------------------------------------------------------------------------ names
def test_no_module_has_a_name_that_says_nothing():
    silent = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "manager",
        "managers",
        "handler",
        "handlers",
        "base",
        "misc",
    }
    assert [str(file) for file in PACKAGE.rglob("*.py") if file.stem in silent or file.parent.name in silent] == []


# ------------------------------------------------------------------------------------------------ examples
def _modules_with_examples() -> list[str]:
    files = {**dict(_sources())}
    return [
        "yingting." + place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for place, tree in files.items()
        if re.match(r"kernel/|domains/\w+/(rules|contracts)|foundation/\w+/rules|twin/|web/translations", place)
        and ">>> " in ast.unparse(tree)
    ]


@pytest.mark.parametrize("name", _modules_with_examples())
def test_examples_in_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module(name), verbose=False)
    if name == "yingting.kernel.refusals":
        importlib.import_module(name)._declared.pop("example.busy", None)
    assert result.attempted > 0
    assert result.failed == 0


# ------------------------------------------------------------------------------------------------ templates
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_template_parses(path):
    get_template(path.relative_to(next(parent for parent in path.parents if parent.name == "templates")).as_posix())


# A report saved as one file is opened from a disk: no policy of ours reaches it, and nothing can be loaded beside it.
_STANDS_ALONE = {"reporting/templates/reporting/hall_report_file.html"}


def test_no_template_has_inline_code_or_style():
    wrong = []
    for path in TEMPLATES:
        place = path.relative_to(PACKAGE).as_posix()
        if place in _STANDS_ALONE:
            continue
        text = re.sub(
            r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", "", path.read_text("utf-8"), flags=re.DOTALL
        )
        for opening, code in re.findall(r"<script([^>]*)>(.*?)</script>", text, flags=re.DOTALL):
            if code.strip() and "application/json" not in opening:
                wrong.append(f"{place}: inline script")
        for tag in re.findall(r"<[a-zA-Z][^<>]*>", text):
            if match := re.search(r"""[\s"'](style|on[a-z]+|hx-on[:\w-]*)\s*=""", tag):
                wrong.append(f"{place}: {match.group(1)}= in {tag[:60]}")
        if "<style" in text:
            wrong.append(f"{place}: <style>")
    assert wrong == []


# ------------------------------------------------------------------------------------------------ words
@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The msgids of every app as Django's makemessages finds them, in a copy of the package: app folder → set of msgids."""
    if shutil.which("xgettext") is None:
        pytest.skip("GNU gettext is not installed (Debian/Ubuntu: apt-get install gettext)")
    copy = tmp_path_factory.mktemp("words") / "yingting"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("static", "*.pyc", "__pycache__", "*.mo", "tests"))
    found = {}
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    for locale in LOCALES:
        app = locale.parent.relative_to(PACKAGE)
        (copy / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").unlink()
        command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-wrap", "--no-location"]
        subprocess.run(command, cwd=copy / app, env=environment, check=True, capture_output=True, timeout=120)
        made = copy / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        found[app.as_posix()] = (
            {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(made))} if made.exists() else set()
        )
    return found


def _translated() -> dict[tuple[str | None, str], polib.POEntry]:
    return {
        (entry.msgctxt, entry.msgid): entry
        for locale in LOCALES
        for entry in polib.pofile(str(locale / "zh_Hans" / "LC_MESSAGES" / "django.po"))
        if entry.translated() and not entry.obsolete
    }


def test_every_word_of_every_app_is_in_a_chinese_catalogue(extracted):
    """Django merges all apps' catalogues, so a word may stand in any of them; it must stand in one."""
    have = _translated()
    missing = sorted(
        {f"{app}: {msgid}" for app, words in extracted.items() for ctx, msgid in words if (ctx, msgid) not in have}
    )
    from django.conf import settings

    with override("zh-hans"):  # Django's own catalogue knows words such as "Yes" and "January"
        missing = [
            word
            for word in missing
            if settings.USE_I18N and gettext(word.partition(": ")[2]) == word.partition(": ")[2]
        ]
    assert missing == []


@pytest.mark.parametrize("locale", LOCALES, ids=lambda path: path.parent.relative_to(PACKAGE).as_posix())
def test_no_chinese_entry_is_empty_or_doubtful(locale):
    po = polib.pofile(str(locale / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    assert [entry.msgid for entry in po.untranslated_entries()] == []
    assert [entry.msgid for entry in po.fuzzy_entries()] == []
    marks = re.compile(r"%\(\w+\)[a-z]")
    differing = [
        e.msgid for e in po if not e.msgid_plural and sorted(marks.findall(e.msgid)) != sorted(marks.findall(e.msgstr))
    ]
    assert differing == []


@pytest.mark.parametrize("locale", LOCALES, ids=lambda path: path.parent.relative_to(PACKAGE).as_posix())
def test_chinese_sentences_have_chinese_punctuation(locale):
    narrow = re.compile(r"[一-鿿）”][,;?!]|[,;?!][一-鿿]|[一-鿿]:(?!/|端口|产品)|%\(\w+\)s[,;][一-鿿%]")
    texts = [
        text
        for entry in polib.pofile(str(locale / "zh_Hans" / "LC_MESSAGES" / "django.po"))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    assert [text for text in texts if narrow.search(text)] == []


def test_every_refusal_and_every_permission_has_a_chinese_sentence():
    from yingting.foundation.people.permissions import TITLES
    from yingting.kernel.refusals import declared

    for name in _modules(r"yingting\.(?!web\.(wsgi|stream|processes)).*"):
        if ".tests" not in name and ".migrations" not in name:
            importlib.import_module(name)
    sentences = {kind.sentence for code, kind in declared().items() if not code.startswith("example.")} | set(
        TITLES.values()
    )
    have = {msgid for _, msgid in _translated()}
    assert sorted(sentences - have) == []


def test_one_word_has_one_chinese_word_in_all_catalogues():
    """Django merges the catalogues and one app's word wins; a word that differs by place needs a context."""
    said: dict[tuple[str | None, str], set[str]] = {}
    for locale in LOCALES:
        for entry in polib.pofile(str(locale / "zh_Hans" / "LC_MESSAGES" / "django.po")):
            if entry.msgid and entry.translated() and not entry.obsolete:
                said.setdefault((entry.msgctxt, entry.msgid), set()).add(
                    entry.msgstr or str(sorted(entry.msgstr_plural.items()))
                )
    assert {msgid: sorted(words) for (_, msgid), words in said.items() if len(words) > 1} == {}
