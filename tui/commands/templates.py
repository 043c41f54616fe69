"""`ceping templates`: the office's own Word templates, listed, checked, begun."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from models.settings.office import DocumentSettings, find_file

if TYPE_CHECKING:
    from exports.documents.kind import Kind


def add_templates(parser: argparse.ArgumentParser) -> None:
    """The arguments of `templates`."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="列出哪些文书用自己的模板（默认）")
    what.add_argument("--check", action="store_true", help="检查每个模板，指出写错的字段")
    what.add_argument("--fields", metavar="KIND", help="列出一种文书可用的字段，如 反馈书")
    what.add_argument("--new", metavar="KIND", help="写出一个可改的模板，如 反馈书；已有的不动")
    parser.add_argument("--json", action="store_true", help="列出、检查的结果输出 JSON")


def templates(options: argparse.Namespace) -> int:
    """List, check or begin templates; 1 if a template has a fault."""
    from exports.documents import own_templates as office
    from exports.documents.kinds import load_settings

    documents = load_settings(find_file(options.config)).documents
    if options.fields:
        kind = office.kind_named(options.fields)
        sys.stdout.write(_fields_json(kind) if options.json else _field_lines(kind))
        return 0
    if options.new:
        kind = office.kind_named(options.new)
        path = office.start(documents, kind)
        sys.stdout.write(
            f"已写出模板：{path}\n"
            "用 Word 改好存盘，这种文书就按它写；把它改名或移开，就用程序的版式。\n"
            f"可用的字段：ceping templates --fields {kind.name}\n"
        )
        return 0
    if options.json:
        return _json(documents, check=options.check)
    return _check(documents) if options.check else _list(documents)


def _json(documents: DocumentSettings, *, check: bool) -> int:
    """What `--list` or `--check` finds, as JSON; 1 as they say it."""
    from exports.documents import own_templates as office

    if check:
        office.require_folder(documents)
    there = documents.templates is not None and documents.templates.is_dir()
    kinds: list[dict[str, object]] = []
    for each in office.listing(documents) if there else ():
        found: dict[str, object] = {
            "kind": each.kind.name,
            "file": str(each.path) if each.exists else None,
        }
        if check:
            found["faults"] = office.check(each.path, each.kind) if each.exists else []
        kinds.append(found)
    whole = {
        "folder": None if documents.templates is None else str(documents.templates),
        "kinds": kinds,
        "strangers": [path.name for path in office.strangers(documents)] if there else [],
    }
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    missing = documents.templates is not None and not there
    return 1 if missing or any(kind.get("faults") for kind in kinds) else 0


def _fields_json(kind: Kind) -> str:
    """The fields of a kind as JSON, those of rows within their list."""
    from exports.documents.own_templates import template_of

    fields = [asdict(each) for each in template_of(kind).fields]
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _list(documents: DocumentSettings) -> int:
    from exports.documents import own_templates as office

    if documents.templates is None:
        sys.stdout.write(
            "没有设模板文件夹，文书都用程序的版式。"
            '要用自己的模板，在 ceping.toml 的 [documents] 里写 templates = "文书模板"。\n'
        )
        return 0
    if not documents.templates.is_dir():
        sys.stdout.write(
            f"没有模板文件夹 {documents.templates}，文书写不出来。"
            "用 ceping templates --new 建，或把 templates 留空。\n"
        )
        return 1
    sys.stdout.write(f"模板文件夹：{documents.templates}\n")
    for each in office.listing(documents):
        state = f"用模板 {each.path.name}" if each.exists else "用程序的版式"
        sys.stdout.write(f"  {each.kind.name}：{state}\n")
    _warn_of_strangers(documents)
    return 0


def _check(documents: DocumentSettings) -> int:
    from exports.documents import own_templates as office

    faulty = False
    office.require_folder(documents)
    for each in office.listing(documents):
        if not each.exists:
            continue
        found = office.check(each.path, each.kind)
        faulty = faulty or bool(found)
        sys.stdout.write(f"{each.path}：{'有错' if found else '可用'}\n")
        for why in found:
            sys.stdout.write(f"  {why}\n")
    _warn_of_strangers(documents)
    return 1 if faulty else 0


def _warn_of_strangers(documents: DocumentSettings) -> None:
    from exports.documents import own_templates as office

    for path in office.strangers(documents):
        names = "、".join(kind.name for kind in office.kinds())
        sys.stdout.write(f"  {path.name}：文件名不是文书种类，没有用。应为 {names} 之一\n")


def _field_lines(kind: Kind) -> str:
    """The fields of a kind, those of rows indented under their list."""
    from exports.documents.own_templates import template_of
    from exports.templates.fields import TemplateField

    def lines(some: tuple[TemplateField, ...], depth: int) -> list[str]:
        found = []
        for each in some:
            kept = "（列表）" if each.many else ""
            found.append(f"{'  ' * depth}{each.name}{kept}  {each.meaning}")
            found += lines(each.rows, depth + 1)
        return found

    return "\n".join(lines(template_of(kind).fields, 0)) + "\n"
