"""The command line: `ceping`, and the same operations for scripts.

Exit status: 0 done, 1 refused (why, in Chinese, on stderr), 2 wrong usage. Textual, Word and
spreadsheets are imported only by the commands that need them.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from exports.documents.kinds import load_settings
from models.database import clerk
from models.database.store import Store, default_path, open_store
from models.names import visible
from models.refusal import RefusedError, Way, fault_words
from models.rounds.contents import find_level
from models.rounds.plan import RoundInfo
from models.settings.office import Settings, find_file
from models.settings.toml_file import TomlFaultsError
from tui.commands import completing, exporting, importing, keeping, rehearsing, sealing, templates
from tui.commands.waiting import working
from tui.output import give_up_output, prepare_output
from tui.words.ways import COMMAND_LINE

_DESCRIPTION = "党风廉政建设责任制民主测评：录票、计票、出文书。不带子命令时打开界面。"
_USAGE_WORDS = (
    ("the following arguments are required: ", "缺少参数："),
    ("unrecognized arguments: ", "不认识的参数："),
    ("expected one argument", "后面要跟一个值"),
    ("expected at least one argument", "后面要跟至少一个值"),
    ("ignored explicit argument ", "后面不带值，不认识："),
    ("ambiguous option: ", "选项没有写全："),
    (" could match ", "，可能是 "),
    ("invalid int value: ", "要写整数，现为 "),
    ("invalid choice: ", "没有这个选项："),
    ("(choose from ", "（可选："),
    ("not allowed with argument", "不能同时用"),
    ("argument ", ""),
)


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "add_help": False})
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        """Wrong usage: say what, exit 2."""
        unknown = re.match(r"argument 子命令: invalid choice: '(.*)' \(choose from (.*)\)", message)
        if unknown is not None:
            message = _no_such_command(unknown[1], re.findall(r"[\w-]+", unknown[2]))
        for english, chinese in _USAGE_WORDS:
            message = message.replace(english, chinese)
        sys.stderr.write(f"{self.format_usage().replace('usage: ', '用法：', 1)}{message}\n")
        raise SystemExit(2)

    def format_help(self) -> str:
        """The help text with Chinese headings."""
        return super().format_help().replace("usage: ", "用法：", 1)


def _no_such_command(typed: str, known: Sequence[str]) -> str:
    """What to say of a command that there is not, with those that look like it."""
    # Costs 3 ms to import; only a slip needs it.
    from difflib import get_close_matches

    like = get_close_matches(typed, known) or known
    return f"没有这个子命令：{visible(typed)}。有：{'、'.join(like)}。"


class _Version(argparse.Action):
    """`--version`, reading the package's metadata only when asked."""

    def __call__(self, *_: object) -> None:
        from importlib import metadata

        sys.stdout.write(f"ceping {metadata.version('ceping')}\n")
        raise SystemExit(0)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="ceping", description=_DESCRIPTION)
    parser.add_argument("--config", type=Path, metavar="FILE", help="设置文件 ceping.toml")
    parser.add_argument("--database", type=Path, metavar="FILE", help="数据库文件")
    parser.add_argument("--version", action=_Version, nargs=0, help="显示版本")
    commands = parser.add_subparsers(dest="command", metavar="子命令", title="子命令")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    demo = command("demo", _demo, "在单独的文件夹里建一个填好的示例机关并打开")
    demo.add_argument("--directory", type=Path, metavar="DIR", help="文件夹，默认 ceping-demo")
    demo.add_argument("--no-open", action="store_true", help="只建，不打开界面")

    importing.add_import(
        command("import", _import, "导入单位、人员名册（.xlsx、.xls、.ods 或 .csv）")
    )

    making = command("round", _round, "按 TOML 说明建轮次")
    making.add_argument("file", type=Path, metavar="FILE")

    listing = command("rounds", _rounds, "列出轮次")
    listing.add_argument("--json", action="store_true", help="输出 JSON")

    _enter_arguments(command("enter", _enter, "直接打开一批票的录票界面"))
    sealing.add_seal(command("seal", _writing(sealing.seal), "封存一个单位的测评，或列出还缺什么"))

    _tally_arguments(command("tally", _tally, "得票情况"))
    watching = command("watch", _watch, "大屏：给投影或旁边的人看的得票情况，只读")
    watching.add_argument("round", metavar="ROUND", help="轮次的编号或名称")
    watching.add_argument("--unit", metavar="U", help="只看一个单位")

    exporting.add_export(command("export", _writing(exporting.export), "写出 Word 文书"))
    templates.add_templates(
        command("templates", templates.templates, "本机关自己的 Word 模板：列出、检查、新建")
    )

    rehearsing.add_rehearse(
        command("rehearse", _rehearse, "演练：在另外的数据库里试办一个轮次，退出时全部抹掉")
    )
    sealing.add_verify(command("verify", sealing.verify, "从逐票重算：文件、票数、封存、日志"))
    keeping.add_backup(command("backup", _writing(keeping.backup), "备份数据库并核对"))
    keeping.add_restore(command("restore", keeping.restore, "从备份恢复数据库；原来的保留"))
    completing.add_completion(command("completion", _completion, "Tab 键补全：打印给终端的脚本"))
    return parser


def _enter_arguments(entering: argparse.ArgumentParser) -> None:
    entering.add_argument("round", metavar="ROUND", help="轮次的编号或名称")
    entering.add_argument("--unit", required=True, metavar="U", help="单位全称或简称")
    entering.add_argument("--level", required=True, metavar="L", help="测评层级，如 班子成员")
    entering.add_argument("--group", required=True, metavar="G", help="测评人员类别")
    entering.add_argument("--subject", metavar="NAME", help="一人一票时的被测评人")
    entering.add_argument("--stack", type=int, metavar="N", help="分批收回时的第几批")
    entering.add_argument("--verify", action="store_true", help="复核：把这一批再录一遍")


def _tally_arguments(counting: argparse.ArgumentParser) -> None:
    counting.add_argument("round", metavar="ROUND", help="轮次的编号或名称")
    counting.add_argument("--unit", metavar="U", help="只看一个单位")
    counting.add_argument("--level", metavar="L", help="只看一个层级")
    counting.add_argument("--by-group", action="store_true", help="按测评人员类别")
    form = counting.add_mutually_exclusive_group()
    form.add_argument(
        "--format", choices=["plain", "github", "csv", "json"], default="plain", help="输出的形式"
    )
    form.add_argument(
        "--json", action="store_const", const="json", dest="format", help="同 --format json"
    )


def _writing(
    run: Callable[[argparse.Namespace, Store], int],
) -> Callable[[argparse.Namespace], int]:
    """A command on the database opened for writing."""

    def opened(options: argparse.Namespace) -> int:
        path: Path = options.database or default_path()
        if not path.exists():
            raise RefusedError(f"没有数据库 {path}。", Way.NEW_DATABASE)
        store = _store(options, write=True)
        try:
            return run(options, store)
        finally:
            store.close()

    return opened


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    try:
        prepare_output()
        options = _parser().parse_args(arguments)
        status = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # A pager that was closed early is no error; what was asked for has been read.
        give_up_output()
        return 0
    except RefusedError as error:
        _refuse(error)
        return 1
    except OSError as error:
        give_up_output()
        sys.stderr.write(f"{_fault(error)}，再运行一次。\n")
        return 1
    return status


def _fault(error: OSError) -> str:
    """What the system would not do, and what to look at."""
    if error.filename is None:
        return f"没有写全：{fault_words(error)}。请检查磁盘空间"
    named = visible(os.fsdecode(error.filename))
    return f"没有做成：{named}（{fault_words(error)}）。请检查路径、权限和磁盘空间"


def _run(options: argparse.Namespace) -> int:
    """Run the command that was asked for; what is refused is said, and is status 1."""
    try:
        if options.config is not None:
            # Also for a command that needs none: a slip in the name must not go unnoticed.
            _settings(options)
        run: Callable[[argparse.Namespace], int] = getattr(options, "run", _open)
        return run(options)
    except RefusedError as error:
        _refuse(error)
        return 1
    except TomlFaultsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 1


def _settings(options: argparse.Namespace) -> Settings:
    found = load_settings(find_file(options.config))
    clerk.usually(found.office.operator)
    return found


def _store(options: argparse.Namespace, *, write: bool) -> Store:
    store = open_store(options.database or default_path(), write=write)
    if write and store.read_only:
        holder = store.holder
        store.close()
        raise RefusedError(f"数据库正由 {holder} 使用，没有写入。请等对方退出后再试。")
    _finish_erasure(store)
    return store


def _finish_erasure(store: Store) -> None:
    """End what a seal began before the program was killed; if that cannot be now, say so."""
    if store.read_only or not store.erasure_pending():
        return
    from models.database import erasure

    try:
        erasure.finish(store)
    except RefusedError as error:
        _refuse(error)


def _refuse(error: RefusedError) -> None:
    """Say what was refused, with the command that leads out of it."""
    sys.stderr.write(f"{COMMAND_LINE.refusal(error)}\n")


def _open(options: argparse.Namespace) -> int:
    from tui import terminal

    terminal.check_locale()
    settings = _settings(options)
    store = open_store(options.database or default_path())
    _finish_erasure(store)
    return _run_app(store, settings, None)


def _run_app(store: Store, settings: Settings, start: int | None, *, verify: bool = False) -> int:
    from models.rounds import life
    from tui import terminal

    if not store.read_only and (titles := life.complete_frozen(settings)):
        names = "、".join(titles)
        sys.stderr.write(f"无效票原因已按现在的设置随轮次固定，并记入日志：{names}\n")

    # Imports make much and free nothing: looking for garbage meanwhile costs 5 % of the start.
    gc.disable()
    terminal.default_hangup()
    probe = terminal.WidthProbe()
    try:
        terminal.prepare_textual()
        from tui.app import CepingApp
        from tui.driver import TerminalDriver
        from tui.sequences import unfinished
        from tui.session import Session, run
    finally:
        found = probe.answer()
    try:
        session = Session(store, settings, found.glyphs)
        typed, TerminalDriver.begun = unfinished(found.typed_ahead)
        return run(CepingApp(session, start=start, verify=verify, typed_ahead=typed))
    finally:
        store.close()


def _enter(options: argparse.Namespace) -> int:
    from models.entry import first_entry
    from models.rounds import life, paper, polls
    from tui import terminal

    terminal.check_locale()
    settings = _settings(options)
    store = _store(options, write=True)
    try:
        info = life.find(options.round)
        poll = polls.find(info.id, options.unit)
        wanted = (poll, options.level, options.group, options.subject, options.stack)
        if options.verify:
            from models.entry import second_entry

            stack_id = second_entry.choose_stack(*wanted).stack_id
            second_entry.verify(stack_id)
        else:
            stack_id = paper.choose_stack(*wanted).stack_id
            first_entry.enter(stack_id)
    except BaseException:
        store.close()
        raise
    return _run_app(store, settings, stack_id, verify=options.verify)


def _watch(options: argparse.Namespace) -> int:
    from models.rounds import life, polls
    from models.rounds.plan import RoundState
    from tui import terminal

    terminal.check_locale()
    settings = _settings(options)
    store = _store(options, write=False)
    try:
        info = life.find(options.round)
        if info.state is RoundState.DRAFT:
            raise RefusedError(f"轮次“{info.title}”还在筹备，没有得票情况。")
        unit = polls.find(info.id, options.unit).unit_name if options.unit else ""
        terminal.default_hangup()
        probe = terminal.WidthProbe()
        try:
            terminal.prepare_textual()
            from tui.session import Session, run
            from tui.watch_app import WatchApp
        finally:
            glyphs = probe.answer().glyphs
        return run(WatchApp(Session(store, settings, glyphs), info.title, unit))
    finally:
        store.close()


def _rehearse(options: argparse.Namespace) -> int:
    from tui import terminal

    if options.round is not None:
        terminal.check_locale()
    return rehearsing.rehearse(
        options, _settings(options), lambda store, settings: _run_app(store, settings, None)
    )


def _demo(options: argparse.Namespace) -> int:
    from tui.commands.demo import make

    folder = options.directory or Path("ceping-demo")
    settings = _settings(options)
    with working("正在建示例机关"):
        database = make(folder, settings)
    sys.stdout.write(f"示例机关已建好：{database}\n")
    if options.no_open:
        return 0
    options.database = database
    return _open(options)


def _completion(options: argparse.Namespace) -> int:
    return completing.completion(options.shell, _parser())


def _import(options: argparse.Namespace) -> int:
    from models.imports.source import Opening

    # An import makes much and frees nothing: looking for garbage takes a tenth of its time.
    gc.disable()
    # The file is read in a process of its own while the database is opened.
    with Opening(options.file) as opening:
        store = _store(options, write=not options.dry_run or not _exists(options))
        try:
            return importing.import_roster(options, store, opening)
        finally:
            store.close()


def _exists(options: argparse.Namespace) -> bool:
    path: Path = options.database or default_path()
    return path.exists()


def _round(options: argparse.Namespace) -> int:
    from models.imports import round_description
    from models.rounds import life, neighbours
    from tui.words import looks

    settings = _settings(options)
    store = _store(options, write=True)
    try:
        with working("正在建轮次"):
            described = round_description.read(options.file, settings)
            round_id = round_description.make(described, settings)
        info = life.find_by_id(round_id)
        sys.stdout.write(f"{info.id} {visible(info.title)} {info.state.label}\n")
        sys.stdout.write("".join(f"{line}\n" for line in _too_small(info)))
        if asking := looks.lines(neighbours.looks(round_id)):
            sys.stderr.write("请看一看：\n" + "".join(f"{visible(each)}\n" for each in asking))
        return 0
    finally:
        store.close()


def _too_small(info: RoundInfo) -> list[str]:
    """The voter groups that are known to leave a unit without weighted shares."""
    from models.rounds import polls, stacks
    from models.rounds.small_groups import too_small_for_weights
    from tui.words.findings import weights_withheld

    minimum = info.rules.minimum_group
    paper = stacks.stacks_of_round(info.id)
    return [
        f"{poll.short} {weights_withheld(each.name, each.issued, minimum)}。"
        for poll in polls.polls(info.id)
        for each in too_small_for_weights(info, paper.get(poll.id, []))
    ]


def _rounds(options: argparse.Namespace) -> int:
    from exports.text import rounds_json, rounds_table
    from models.rounds import life

    store = _store(options, write=False)
    try:
        known = life.rounds()
        sys.stdout.write((rounds_json(known) if options.json else rounds_table(known)) + "\n")
        return 0
    finally:
        store.close()


def _tally(options: argparse.Namespace) -> int:
    from exports.text import tally_text
    from models.rounds import life, polls

    store = _store(options, write=False)
    try:
        info = life.find(options.round)
        chosen = [polls.find(info.id, options.unit)] if options.unit else polls.polls(info.id)
        level = find_level(info, options.level) if options.level else None
        with working("正在汇总得票情况"):
            text = tally_text(info, chosen, level, by_group=options.by_group, form=options.format)
        sys.stdout.write(text)
        return 0
    finally:
        store.close()


if __name__ == "__main__":
    raise SystemExit(main())
