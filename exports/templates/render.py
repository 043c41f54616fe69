"""Fill in an office's Word template with docxtpl in a sandbox. The output is reproducible.

Every value is escaped with `exports.page.markup.escape`, whatever filters a template applies, so
a name is never parsed as markup or as a template. The parts of the template are kept, except for
metadata about who created it and when.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from exports.page.markup import escape
from exports.page.package import compress, package
from models.refusal import RefusedError

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2.runtime import Context
    from jinja2.sandbox import SandboxedEnvironment

FILTERS = ("join", "length", "first", "last", "replace")
TESTS = ("defined",)
_LARGEST = 100_000_000  # bytes unpacked; a letter with pictures is far smaller
_FOOTNOTES = "wordprocessingml.footnotes+xml"
_MAKERS = ("/extended-properties", "/custom-properties", "/thumbnail")
_NEAR = 20  # twips; word processors round widths


@cache
def environment() -> SandboxedEnvironment:
    """Return the jinja2 environment: no globals, few filters, and all values escaped."""
    from jinja2 import StrictUndefined, pass_context
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

    @pass_context
    def as_text(_: Context, value: object) -> Markup:
        # Escape quotes too: a value can be in an attribute, such as a cell's span or colour.
        text = escape(str(value)).replace('"', "&quot;")
        return Markup(text)  # noqa: S704 - escaped the line before

    found = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=as_text)
    found.globals = {}
    found.filters = {name: found.filters[name] for name in FILTERS}
    found.tests = {name: found.tests[name] for name in TESTS}
    return found


def opened(content: bytes) -> DocxTemplate:
    """Open a template.

    Raises `RefusedError` if it is not a Word document, or is larger than 100 MB unpacked.
    """
    from docxtpl import DocxTemplate
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise RefusedError("文件太大，不像文书模板。请删去大图片再用。")
        template = DocxTemplate(io.BytesIO(content))
        template.init_docx()
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        NotImplementedError,
        etree.LxmlError,
    ) as error:
        raise RefusedError(
            "不是完好的 Word 文档（.docx）。请用 Word 打开，另存为 .docx 再用。"
        ) from error
    return template


def sources(template: DocxTemplate) -> Iterator[tuple[str, str]]:
    """Yield the parts to fill in: the body, headers, footers and footnotes.

    Each is a pair of the original XML and the source that jinja2 parses.
    """
    found = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        found += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
    for part in template.docx.part.package.iter_parts():
        if part.content_type.endswith(_FOOTNOTES):
            found.append(part.blob.decode())
    for xml in found:
        yield xml, by_paragraphs(template.patch_xml(xml))


def by_paragraphs(xml: str) -> str:
    """Put each paragraph of XML on its own line, so that line numbers identify paragraphs."""
    return xml.replace("\n", " ").replace("<w:p>", "\n<w:p>").replace("<w:p ", "\n<w:p ")


def render(content: bytes, values: Mapping[str, Any]) -> bytes:
    """Fill in a template. The same values always give the same bytes.

    Raises `RefusedError` if the template uses an unavailable value or the result is not valid.
    """
    from jinja2 import TemplateError
    from lxml import etree

    template = opened(content)
    try:
        _fill(template, values)
    except TemplateError as error:
        raise RefusedError(f"模板里用了取不到的值（{error.message}）。") from error
    except etree.XMLSyntaxError as error:
        raise RefusedError(
            "填好的文书不合 Word 的格式：{%p …%} 要独占一段，{%tr …%} 独占一行，{%tc …%} 独占一格，"
            "成对的两个要在同一个表里。"
        ) from error
    _forget_makers(template.docx)
    plain = io.BytesIO()
    template.docx.save(plain)
    with zipfile.ZipFile(plain) as archive:
        return package([compress(name, archive.read(name)) for name in archive.namelist()])


def _fill(template: DocxTemplate, values: Mapping[str, Any]) -> None:
    """Like `DocxTemplate.render`, but fails on broken XML, which that repairs by dropping text.

    The document properties, which name the template's author, are not filled in.
    """
    from lxml import etree

    template.render_init()
    xml = template.build_xml(values, environment())
    etree.fromstring(xml)
    body = template.fix_tables(xml)
    _complete_cells(body)
    for table in body.iter(_w("tbl")):
        _fit(table)
    template.fix_docpr_ids(body)
    template.map_tree(body)
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for key, part in template.build_headers_footers_xml(values, uri, environment()):
            template.map_headers_footers_xml(key, part)
    template.render_footnotes(values, environment())


def _forget_makers(document: Any) -> None:
    relations = document.part.package.rels
    for key, relation in list(relations.items()):
        if relation.reltype.endswith(_MAKERS):
            del relations[key]
    core = document.core_properties._element
    for child in list(core):
        core.remove(child)


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _complete_cells(body: Any) -> None:
    """Add an empty paragraph to cells that do not end with one.

    A condition can remove all paragraphs of a cell, and Word then reports the file as damaged.
    """
    for cell in body.iter(_w("tc")):
        shade = cell.find(f"{_w('tcPr')}/{_w('shd')}")
        span = cell.find(f"{_w('tcPr')}/{_w('gridSpan')}")
        if shade is not None and span is not None:
            # docxtpl puts the colour first, where it must not stand.
            span.addnext(shade)
        if len(cell) == 0 or cell[-1].tag != _w("p"):
            cell.append(cell.makeelement(_w("p"), {}))


def _fit(table: Any) -> None:
    """Make column and cell widths agree after a loop has generated columns.

    The table keeps its width and its columns keep their proportions. A row with a single cell
    spans all columns.
    """
    rows = [[_Cell(cell) for cell in row.findall(_w("tc"))] for row in table.findall(_w("tr"))]
    count = max((sum(cell.span for cell in row) for row in rows if len(row) > 1), default=0)
    if not count:
        return
    columns = table.findall(f"{_w('tblGrid')}/{_w('gridCol')}")
    for column in columns[count:]:
        column.getparent().remove(column)
    columns = columns[:count]
    for row in rows:
        if len(row) == 1:
            row[0].set_span(count)
    rows = [row for row in rows if sum(cell.span for cell in row) == len(columns)]
    if not any(cell.width for row in rows for cell in row) and _fixed(table):
        _widen(rows, columns)
        return
    if not all(cell.width for row in rows for cell in row):
        return
    grid = [int(column.get(_w("w"), "0")) for column in columns]
    if all(
        abs(cell.width - width) <= _NEAR
        for row in rows
        for cell, width in zip(row, _spanned(row, grid), strict=True)
    ):
        return
    finest = max(rows, key=len)
    wanted = [cell.width / cell.span for cell in finest for _ in range(cell.span)]
    whole = _total(table) or sum(grid)
    ends = [round(whole * sum(wanted[:n]) / sum(wanted)) for n in range(len(wanted) + 1)]
    grid = [end - begin for begin, end in pairwise(ends)]
    for column, width in zip(columns, grid, strict=True):
        column.set(_w("w"), str(width))
    for row in rows:
        for cell, width in zip(row, _spanned(row, grid), strict=True):
            cell.set_width(width)


def _fixed(table: Any) -> bool:
    layout = table.find(f"{_w('tblPr')}/{_w('tblLayout')}")
    return layout is not None and layout.get(_w("type")) == "fixed"


def _widen(rows: Sequence[Sequence[_Cell]], columns: Sequence[Any]) -> None:
    """Give cells without a width that of the columns which they span once a template is filled."""
    grid = [int(column.get(_w("w"), "0")) for column in columns]
    for row in rows:
        for cell, width in zip(row, _spanned(row, grid), strict=True):
            cell.add_width(width)


class _Cell:
    """A table cell: the columns it spans, and its width in twips (0 if not given)."""

    def __init__(self, element: Any) -> None:
        self._properties = element.find(_w("tcPr"))
        self._width = element.find(f"{_w('tcPr')}/{_w('tcW')}")
        self._span = element.find(f"{_w('tcPr')}/{_w('gridSpan')}")
        self.span = 1 if self._span is None else int(self._span.get(_w("val")))
        said = self._width is not None and self._width.get(_w("type")) == "dxa"
        self.width = int(self._width.get(_w("w"))) if said else 0

    def set_span(self, span: int) -> None:
        """Set the span of a cell that already has one."""
        if self._span is not None:
            self._span.set(_w("val"), str(span))
            self.span = span

    def add_width(self, width: int) -> None:
        """Set the width in twips of a cell that has none."""
        if self._properties is not None:
            made = self._properties.makeelement(_w("tcW"), {_w("w"): str(width), _w("type"): "dxa"})
            self._properties.insert(0, made)

    def set_width(self, width: int) -> None:
        """Set the width in twips."""
        self._width.set(_w("w"), str(width))


def _spanned(row: Sequence[_Cell], grid: Sequence[int]) -> Iterator[int]:
    at = 0
    for cell in row:
        yield sum(grid[at : at + cell.span])
        at += cell.span


def _total(table: Any) -> int:
    width = table.find(f"{_w('tblPr')}/{_w('tblW')}")
    return int(width.get(_w("w"))) if width is not None and width.get(_w("type")) == "dxa" else 0
