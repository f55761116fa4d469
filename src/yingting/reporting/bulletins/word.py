"""A bulletin as Word, from a template: the shipped one, or one that an administrator put in its place.

A template is somebody's file: it runs in Jinja's sandbox without functions and without multiplication, and it is tried on an
example before it is taken. Every text is escaped, so "<" and "&" arrive as they were written.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.contracts import Document
from yingting.reporting.bulletins.examples import EXAMPLE
from yingting.reporting.bulletins.refusals import NO_TEMPLATE, PLACEHOLDER_UNKNOWN, TEMPLATE_TOO_BIG, TEMPLATE_WRONG

SHIPPED = Path(__file__).parent / "files" / "bulletin.docx"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LIMIT_MB = 2
UNPACKED_LIMIT_MB = 20
DETAIL_LENGTH = 200
FILTERS = ("default", "e", "escape", "first", "join", "last", "length", "lower", "trim", "upper")


class _Sandbox(ImmutableSandboxedEnvironment):
    """What a template may do: name what a bulletin has, repeat, choose. No calls, and nothing that grows without end."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 - Jinja's signature
        """Nothing is called from a template."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 - Jinja's signature
        """Refuse what could make a text of any length."""
        raise SecurityError(f"operator {operator}")


def to_word(document: Document, template: bytes | None = None) -> bytes:
    """Return a document as the bytes of a .docx file. `template` replaces the shipped one."""
    word = DocxTemplate(io.BytesIO(template or _shipped()))
    word.render(_context(document), _Sandbox(), autoescape=True)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def require_template(data: bytes) -> None:
    """Refuse a template that could not be filled in, and say why.

    Raises Refusal bulletin.template_too_big, bulletin.no_template, bulletin.placeholder_unknown, bulletin.template_wrong.
    """
    if len(data) > LIMIT_MB << 20:
        raise Refusal(TEMPLATE_TOO_BIG, limit=LIMIT_MB)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_LIMIT_MB << 20:
                raise Refusal(TEMPLATE_TOO_BIG, limit=LIMIT_MB)
        named = DocxTemplate(io.BytesIO(data)).get_undeclared_template_variables(_Sandbox())
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, XMLSyntaxError) as error:
        raise Refusal(NO_TEMPLATE) from error
    except TemplateError as error:
        raise Refusal(TEMPLATE_WRONG, detail=str(error)[:DETAIL_LENGTH]) from error
    unknown = sorted(named - set(_context(EXAMPLE)))
    if unknown:
        raise Refusal(PLACEHOLDER_UNKNOWN, names=", ".join(unknown)[:DETAIL_LENGTH])
    try:
        to_word(EXAMPLE, data)
    except UndefinedError as error:
        raise Refusal(PLACEHOLDER_UNKNOWN, names=str(error)[:DETAIL_LENGTH]) from error
    except (TemplateError, XMLSyntaxError, TypeError, ValueError, ZeroDivisionError) as error:
        raise Refusal(TEMPLATE_WRONG, detail=str(error)[:DETAIL_LENGTH]) from error


def placeholder_names() -> Mapping[str, tuple[str, ...]]:
    """Return what a template may name: fields of the document, and of their rows where they are lists."""
    found: dict[str, tuple[str, ...]] = {}
    for one in fields(EXAMPLE):
        value = getattr(EXAMPLE, one.name)
        rows = isinstance(value, tuple) and value and not isinstance(value[0], str)
        found[one.name] = tuple(_parts(value[0])) if rows else ()
    return found


def _parts(row: Any) -> Iterator[str]:
    for part in fields(row):
        inner = getattr(row, part.name)
        yield from (f"{part.name}.{one}" for one in _parts(inner[0])) if isinstance(inner, tuple) else (part.name,)


def _context(document: Document) -> dict[str, Any]:
    return {one.name: getattr(document, one.name) for one in fields(document)}


@cache
def _shipped() -> bytes:
    return SHIPPED.read_bytes()
