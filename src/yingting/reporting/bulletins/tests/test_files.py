"""Files of bulletins: the same exact numbers in Word, PDF and spreadsheet; templates that are refused in words."""

import importlib.machinery
import importlib.util
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from yingting.kernel.refusals import Refusal
from yingting.reporting.bulletins.examples import EXAMPLE
from yingting.reporting.bulletins.pdf import to_pdf
from yingting.reporting.bulletins.reading import document_for
from yingting.reporting.bulletins.word import SHIPPED, require_template, to_word
from yingting.reporting.bulletins.workbook import to_xlsx

ROUGH = replace(EXAMPLE, opening='a <b> & "c" {{ title }} {% for %}\n第二段', title="<&>")


def word_of(document, template=None):
    return docx.Document(io.BytesIO(to_word(document, template)))


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def template_with(*lines):
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


@pytest.mark.req("RPT-02", "RPT-03")
@pytest.mark.django_db
def test_word_pdf_and_spreadsheet_hold_the_numbers_of_the_bulletin(issued):
    document, _text = document_for(issued())
    figures, ranks = word_of(document).tables[:2]
    heads, fast, late, few = cells(figures)
    assert heads[0:3] == ["单位", "取号数（服务管理部）", "平均等候时长（服务管理部）"]
    assert fast[:3] == ["天河路营业厅", "200 \nn=200", "5.0 分钟 ★\nn=200"]
    assert (late[2], late[3]) == ("10.0 分钟 ●\nn=200", "50.0 % \nn=200")
    assert few[2] == "未评 \nn=5"
    assert [row[:3] + row[5:6] for row in cells(ranks)[1:]] == [
        ["第 1 档", "1", "天河路营业厅", "200"], ["第 2 档", "2", "体育西营业厅", "200"],
    ]  # fmt: skip
    assert any("石牌营业厅" in one.text and "n = 5" in one.text for one in word_of(document).paragraphs)

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(document, str)))
    sheet = book["Figures"]
    column = [cell.value for cell in sheet[1]].index("平均等候时长") + 1
    assert [sheet.cell(row, column).value for row in (2, 3, 4)] == [5, 10, None]  # minutes
    assert [sheet.cell(row, column + 1).value for row in (2, 3, 4)] == [200, 200, 5]
    assert [sheet.cell(row, column + 2).value for row in (2, 3)] == [10, 10]

    paper = pypdf.PdfReader(io.BytesIO(to_pdf(document)))
    text = "".join(page.extract_text() for page in paper.pages).replace("\n", "").replace(" ", "")
    for piece in ("服通〔2026〕1号", "天河2025年12月服务短板通报", "5.0分钟★n=200", "10.0分钟●n=200", "50.0%", "第1档"):
        assert piece in text
    assert paper.metadata.title == "天河2025年12月服务短板通报"


def test_what_people_write_arrives_as_they_wrote_it():
    word = word_of(ROUGH)
    texts = [one.text for one in word.paragraphs]
    assert 'a <b> & "c" {{ title }} {% for %}\n第二段' in texts
    assert "<&>" in texts
    text = pypdf.PdfReader(io.BytesIO(to_pdf(ROUGH))).pages[0].extract_text()
    assert 'a <b> & "c" {{ title }} {% for %}' in text
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(replace(ROUGH, opening="=1+1"), str)))
    assert book.worksheets[0]["B8"].value == "=1+1"
    assert book.worksheets[0]["B8"].data_type == "s"


def test_sections_without_content_are_left_out():
    bare = replace(EXAMPLE, heads=(), lines=(), ranks=(), unrated=(), shorts=(), duties=(), corrects="", notes=())
    word = word_of(bare)
    assert (len(word.tables), [one.text for one in word.paragraphs if "、" in one.text[:2]]) == (0, [])
    assert "一、指标" not in pypdf.PdfReader(io.BytesIO(to_pdf(bare))).pages[0].extract_text()


def test_the_pdf_has_every_sign_that_figures_use():
    """The Song typeface of readers has no minus of its own and no half-wide yuan: others stand for them."""
    signs = replace(EXAMPLE, opening="−1.0 ±0 ¥12.00 ★●▲ – 〔2026〕")
    text = pypdf.PdfReader(io.BytesIO(to_pdf(signs))).pages[0].extract_text()
    assert "-1.0 ±0 ￥12.00 ★●▲ – 〔2026〕" in text


def test_the_shipped_template_is_what_its_script_makes(tmp_path):
    script = Path(__file__).parents[5] / "scripts" / "make_bulletin_template"
    loader = importlib.machinery.SourceFileLoader("make_bulletin_template", str(script))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    module.make().save(str(tmp_path / "made.docx"))
    body = "word/document.xml"
    assert zipfile.ZipFile(tmp_path / "made.docx").read(body) == zipfile.ZipFile(SHIPPED).read(body)
    require_template(SHIPPED.read_bytes())


def test_the_letters_are_those_of_official_documents():
    xml = zipfile.ZipFile(SHIPPED).read("word/document.xml").decode()
    assert 'w:eastAsia="FangSong"' in xml
    assert 'w:eastAsia="SimSun"' in xml


def test_another_template_is_used():
    word = word_of(
        EXAMPLE, template_with("编号 {{ reference }}", "{%p for one in lines %}", "{{ one.name }}", "{%p endfor %}")
    )
    assert [one.text for one in word.paragraphs] == ["编号 服通〔2026〕1号", "天河路营业厅", "体育西营业厅"]


@pytest.mark.parametrize(
    ("template", "code", "named"),
    [
        (template_with("{{ wether }} {{ unit }} {{ secret }}"), "bulletin.placeholder_unknown", "secret, wether"),
        (template_with("{%p for one in lines %}", "{{ one.nmae }}", "{%p endfor %}"), "bulletin.placeholder_unknown", "nmae"),
        (template_with("{% for one in lines %}"), "bulletin.template_wrong", ""),
        (template_with("{{ title.__class__ }}"), "bulletin.template_wrong", "unsafe"),
        (template_with("{{ title * 1000000000 }}"), "bulletin.template_wrong", "operator"),
        (template_with("{% for a in range(9) %}x{% endfor %}"), "bulletin.placeholder_unknown", "range"),
        (template_with("{{ title|center(1000000000) }}"), "bulletin.template_wrong", "center"),
        (template_with("{{ title.upper() }}"), "bulletin.template_wrong", "not safely callable"),
        (b"no zip", "bulletin.no_template", ""),
        (b"x" * (3 << 20), "bulletin.template_too_big", ""),
    ],
    ids=["unknown", "unknown part", "unclosed", "unsafe", "growing", "function", "filter", "call", "no zip", "too big"],
)  # fmt: skip
def test_a_template_that_could_not_be_filled_in_is_refused_and_says_why(template, code, named):
    with pytest.raises(Refusal) as no:
        require_template(template)
    assert no.value.code == code
    assert named in str(no.value)
