"""Find every fault of a Word template before any letter is generated from it.

A template can use fields, loop over lists, and test conditions; no other jinja2 syntax is
allowed. This way all fields it uses are known in advance, and it cannot be used for an attack.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exports.templates.fields import TemplateField
from exports.templates.render import FILTERS, TESTS, environment, opened, render, sources
from models.refusal import RefusedError

if TYPE_CHECKING:
    from jinja2 import nodes

# Every document must say whether it is unofficial and whether it was corrected.
REQUIRED = ("标记", "更正")
_LOOP = ("index", "index0", "first", "last", "length")
_TAG = re.compile("<[^>]+>")
_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_RICH = re.compile(r"\{\{(?:r|p|tr|tc)\s")
_WIDE = re.compile(r"｛[｛％]|[｝％]｝|\{％|％\}")
_WHOLE = re.compile(r"\{%p\s[^%]*%\}")
_SINGLE = re.compile(r"(?<!\{)\{\s*(\w+)\s*\}(?!\})")
_TRACKED = re.compile(r"<w:(?:ins|del|moveFrom|moveTo|commentReference)[ />]")
_RELATION = re.compile("<Relationship [^>]*>")
_KIND_OF_LINK = re.compile(r'Type="[^"]*/(\w+)"')
_TARGET = re.compile(r'Target="([^"]*)"')
_LINKS = {"attachedTemplate": "模板", "image": "图片", "oleObject": "对象", "frame": "网页"}
_DEEPEST = 4  # 各层级、对象、行、各等次
_SHOWN = 16  # characters of a paragraph quoted to locate a fault


@dataclass(frozen=True)
class _Row:
    """One row of a list field."""

    of: TemplateField
    """The list field."""


# What an expression evaluates to: text (None), a list field, one row of it, or `loop`.
_Shape = TemplateField | _Row | str | None


def faults(content: bytes, fields: tuple[TemplateField, ...]) -> list[str]:
    """List the faults of a template that can use `fields`, in Chinese; empty if it is valid."""
    from jinja2 import TemplateSyntaxError

    try:
        parts = list(sources(opened(content)))
    except RefusedError as error:
        return [str(error)]
    found = list(_faults_of_links(content))
    named: set[str] = set()
    for xml, source in parts:
        found += _faults_of_text(xml, fields)
        try:
            tree = environment().parse(source)
        except TemplateSyntaxError as error:
            found.append(_near(source, error.lineno) + _syntax_words(error.message or ""))
            continue
        reader = _Reader({field.name: field for field in fields})
        found += [_near(source, line) + why for line, why in reader.faults(tree)]
        named |= reader.named
    if not found:
        missing = [name for name in REQUIRED if name not in named]
        found += [f"没有用字段“{name}”；文书必须写明是否正式结果、是否更正过" for name in missing]
    if not found:
        found += _faults_of_trial(content, fields)
    return list(dict.fromkeys(found))


def _faults_of_links(content: bytes) -> Iterator[str]:
    """What a template would fetch from elsewhere whenever a letter is opened."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.endswith(".rels"):
                continue
            for relation in _RELATION.findall(archive.read(name).decode(errors="replace")):
                kind = _KIND_OF_LINK.search(relation)
                if 'TargetMode="External"' in relation and kind and kind[1] != "hyperlink":
                    target = _TARGET.search(relation)
                    what = _LINKS.get(kind[1], kind[1])
                    yield (
                        f"模板引用了外面的{what}：{target[1] if target else ''}。"
                        "打开文书时会去取它；请断开链接，或把它放进模板"
                    )


def _faults_of_text(xml: str, fields: tuple[TemplateField, ...]) -> Iterator[str]:
    """Typing errors that jinja2 would print literally, and tracked changes or comments."""
    if _TRACKED.search(xml):
        yield "模板里有修订或批注，请先接受或删除"
    names = {field.name for field in fields}
    for paragraph in _PARAGRAPH.findall(xml):
        text = "".join(_TEXT.findall(paragraph))
        if _WIDE.search(text):
            yield f"在“{text[:_SHOWN]}”附近：花括号和百分号要用半角的 {{ }} %"
        for opening, closing, ending in (("{{", "}}", "字段"), ("{%", "%}", "{% … %}")):
            if text.count(opening) != text.count(closing):
                pair = f"{opening} 和 {closing} 要在同一段里成对"
                yield f"在“{text[:_SHOWN]}”附近：{ending}没有写完整，{pair}"
        if (whole := _WHOLE.search(text)) and text.replace(whole[0], "", 1).strip():
            yield f"在“{text[:_SHOWN]}”附近：{whole[0]} 要独占一段，同一段里别的字会丢"
        if _RICH.search(text):
            yield f"在“{text[:_SHOWN]}”附近：字段写成 {{{{ 字段 }}}}，前面不加 r、p、tr、tc"
        for single in _SINGLE.findall(text):
            if single in names:
                yield f"在“{text[:_SHOWN]}”附近：{{{single}}} 要写两层花括号 {{{{ {single} }}}}"


def _faults_of_trial(content: bytes, fields: tuple[TemplateField, ...]) -> list[str]:
    try:
        render(content, {field.name: _sample(field) for field in fields})
    except RefusedError as error:
        return [str(error)]
    return []


def _sample(field: TemplateField) -> object:
    if not field.many:
        return field.sample
    one: object = {each.name: _sample(each) for each in field.rows} if field.rows else "〇"
    # A scale has at most nine grades; for lists of lists, two rows are enough and fast.
    return [one] * (2 if any(each.many for each in field.rows) else 9)


def _near(source: str, line: int) -> str:
    """Locate a line by quoting its paragraph, or the previous one that is not empty."""
    lines = source.split("\n")
    for at in range(min(line, len(lines)) - 1, -1, -1):
        if text := _TAG.sub("", lines[at]).strip():
            return f"在“{text[:_SHOWN]}”附近："
    return ""


def _syntax_words(message: str) -> str:
    if tag := re.search(r"unknown tag '(\w*)'", message):
        if tag[1] in ("endfor", "endif", "else", "elif"):
            return f"{{% {tag[1]} %}} 没有配对的 {{% for %}} 或 {{% if %}}"
        return f"没有 {{% {tag[1]} %}} 这种写法"
    if "end of template" in message:
        return "{% for %} 或 {% if %} 没有结束，缺少 {% endfor %} 或 {% endif %}"
    return "花括号里的写法不对；字段写作 {{ 字段 }}，循环写作 {% for 行 in 列表 %}……{% endfor %}"


class _Reader:
    """Walks a parsed template and records what is not allowed, with the line."""

    def __init__(self, fields: Mapping[str, TemplateField]) -> None:
        self._fields = fields
        self.named: set[str] = set()  # all fields that the template uses
        self._found: list[tuple[int, str]] = []
        self._within: list[TemplateField] = []  # the lists whose loops are open

    def faults(self, tree: nodes.Template) -> list[tuple[int, str]]:
        """Return all faults of a template as pairs of line and reason."""
        self._walk(tree.body, {})
        return self._found

    def _note(self, node: nodes.Node, why: str) -> None:
        self._found.append((node.lineno, why))

    def _walk(self, body: Iterable[nodes.Node], scope: Mapping[str, _Shape]) -> None:
        from jinja2 import nodes

        for node in body:
            if isinstance(node, nodes.Output):
                for each in node.nodes:
                    self._print(each, scope)
            elif isinstance(node, nodes.If):
                self._shape(node.test, scope)
                self._walk([*node.body, *node.elif_, *node.else_], scope)
            elif isinstance(node, nodes.For):
                self._loop(node, scope)
            else:
                self._note(node, "只能用字段、{% for %} 循环和 {% if %} 条件")

    def _loop(self, node: nodes.For, scope: Mapping[str, _Shape]) -> None:
        from jinja2 import nodes

        target = node.target
        over = self._shape(node.iter, scope)
        if not isinstance(target, nodes.Name) or node.recursive or node.test:
            self._note(node, "循环只写作 {% for 行 in 列表 %}")
            return
        row: _Shape = None
        if isinstance(over, TemplateField) and over.many:
            row = _Row(over) if over.rows else None
        else:
            self._note(node, f"{{% for {target.name} in … %}} 只能对列表的字段循环")
        if isinstance(over, TemplateField) and over in self._within:
            self._note(node, f"在“{over.name}”的循环里又循环“{over.name}”，会写出成倍的内容")
            return
        if len(self._within) >= _DEEPEST:
            self._note(node, f"循环最多套 {_DEEPEST} 层")
            return
        if isinstance(over, TemplateField):
            self._within.append(over)
        self._walk(node.body, {**scope, target.name: row, "loop": "loop"})
        if isinstance(over, TemplateField):
            self._within.pop()
        self._walk(node.else_, scope)

    def _print(self, node: nodes.Expr, scope: Mapping[str, _Shape]) -> None:
        from jinja2 import nodes

        if isinstance(node, nodes.TemplateData):
            return
        shape = self._shape(node, scope)
        if isinstance(shape, TemplateField) and shape.many:
            self._note(node, f"“{shape.name}”是列表，要用 {{% for … in {shape.name} %}} 逐个写")
        elif isinstance(shape, _Row | str):
            self._note(node, "行本身不能写出来，要写行的字段，如 {{ 行.内容 }}")

    def _shape(self, node: nodes.Node, scope: Mapping[str, _Shape]) -> _Shape:
        """Return what an expression evaluates to, and record its faults."""
        from jinja2 import nodes

        if isinstance(node, nodes.Const):
            return None
        if isinstance(node, nodes.Name):
            if node.name in scope:
                return scope[node.name]
            self.named.add(node.name)
            field = self._fields.get(node.name)
            if field is None:
                self._note(node, f"没有字段“{node.name}”")
            return field if field and field.many else None
        if isinstance(node, nodes.Getattr):
            return self._attribute(node, node.node, node.attr, scope)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            if isinstance(node.arg.value, int):
                return self._item(node, scope)
            return self._attribute(node, node.node, str(node.arg.value), scope)
        if isinstance(node, nodes.Filter):
            self._filter(node, scope)
            return None
        if isinstance(node, nodes.Test) and node.name in TESTS:
            self._shape(node.node, scope)
            return None
        if isinstance(
            node,
            nodes.Compare
            | nodes.Operand
            | nodes.And
            | nodes.Or
            | nodes.Not
            | nodes.CondExpr
            | nodes.Concat,
        ):
            for child in node.iter_child_nodes():
                self._shape(child, scope)
            return None
        self._note(node, "这种写法不能用；只能写字段、比较和 and、or、not")
        return None

    def _attribute(
        self, node: nodes.Node, owner: nodes.Node, name: str, scope: Mapping[str, _Shape]
    ) -> _Shape:
        shape = self._shape(owner, scope)
        if shape == "loop":
            if name not in _LOOP:
                self._note(node, f"loop 没有“{name}”")
            return None
        if not isinstance(shape, _Row):
            self._note(node, f"“.{name}”不能用；只有循环里的行才有下一级字段")
            return None
        field = next((each for each in shape.of.rows if each.name == name), None)
        if field is None:
            known = "、".join(each.name for each in shape.of.rows)
            self._note(node, f"“{shape.of.name}”的行没有字段“{name}”，有：{known}")
        return field if field and field.many else None

    def _item(self, node: nodes.Getitem, scope: Mapping[str, _Shape]) -> _Shape:
        shape = self._shape(node.node, scope)
        if not isinstance(shape, TemplateField):
            self._note(node, "[数字] 只能用在列表的字段后面")
            return None
        return _Row(shape) if shape.rows else None

    def _filter(self, node: nodes.Filter, scope: Mapping[str, _Shape]) -> None:
        from jinja2 import nodes

        if node.name not in FILTERS:
            self._note(node, f"不能用“|{node.name}”；可用的有：{'、'.join(FILTERS)}")
        plain = all(isinstance(each, nodes.Const) for each in node.args)
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs or not plain:
            self._note(node, f"“|{node.name}”后面只能写引号里的字")
            return
        shape = self._shape(node.node, scope)
        if isinstance(shape, _Row | str) or (isinstance(shape, TemplateField) and shape.rows):
            self._note(node, f"“|{node.name}”只能用在文字的字段后面")
