"""How a list shares the width, and what a move of its cursor draws."""

from __future__ import annotations

import asyncio

from textual.app import App, ComposeResult
from textual.geometry import Region

from tui.widgets.listing import Listing, widths_of
from tui.widgets.look import State, Tone


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    assert widths_of([8, 20, 4], [6, 6, 4], (), 60) == {0: 8, 1: 20, 2: 4}


def test_the_widest_gives_first_and_none_below_its_least() -> None:
    assert widths_of([8, 20, 4], [6, 6, 4], (), 25) == {0: 8, 1: 10, 2: 4}
    assert widths_of([8, 20, 4], [6, 6, 4], (), 19) == {0: 6, 1: 6, 2: 4}


def test_columns_fall_away_in_their_order_before_a_state_is_cut() -> None:
    assert widths_of([8, 20, 4, 6], [8, 20, 4, 6], (1, 2), 26) == {0: 8, 2: 4, 3: 6}
    assert widths_of([8, 20, 4, 6], [8, 20, 4, 6], (1, 2), 17) == {0: 8, 3: 6}


def test_one_line_more_than_the_window_is_never_drawn() -> None:
    for room in range(4, 60):
        found = widths_of([8, 20, 4, 6], [4, 6, 4, 6], (1, 2), room)
        assert sum(found.values()) + len(found) <= max(room, 12)


class _Shown(App[None]):
    def __init__(self, rows: int) -> None:
        super().__init__()
        self.listing = Listing([("单位", 6), ("张", 3), ("状态", 8)], title="单位", falls=(1,))
        self._count = rows

    def compose(self) -> ComposeResult:
        yield self.listing

    def on_mount(self) -> None:
        states = (State(Tone.DONE, "复核一致"), State(Tone.WRONG, "不平"))
        self.listing.fill(
            [(str(n), (f"单位{n}", str(n), states[n % 2])) for n in range(self._count)]
        )
        self.listing.focus()


def text(app: App[None]) -> list[str]:
    lines = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


def test_the_place_is_told_and_the_current_row_marked() -> None:
    async def run() -> None:
        app = _Shown(30)
        async with app.run_test(size=(40, 12)) as pilot:
            await pilot.press("down", "down")
            lines = text(app)
            assert " 3/30 " in lines[0]
            assert lines[4].startswith(" ▸ 单位2") or lines[4].startswith("▸ 单位2")
            assert "● 复核一致" in lines[4]
            await pilot.press("end")
            assert " 30/30 " in text(app)[0]
            assert "单位29" in "\n".join(text(app))

    asyncio.run(run())


def test_a_narrow_window_says_that_columns_fell_away() -> None:
    async def run() -> None:
        app = _Shown(3)
        async with app.run_test(size=(22, 12)):
            assert "›" in text(app)[1]
            assert "复核一致" in text(app)[2]

    asyncio.run(run())


def test_a_move_draws_two_rows_and_the_place() -> None:
    async def run() -> None:
        app = _Shown(5)
        async with app.run_test(size=(60, 12)) as pilot:
            drawn: list[Region] = []
            refresh = app.listing.refresh

            def seen(*regions: Region, **options: bool) -> Listing:
                drawn.extend(regions or (app.listing.region,))
                return refresh(*regions, **options)

            app.listing.refresh = seen  # type: ignore[method-assign]
            await pilot.press("down")
            assert {(region.y, region.height) for region in drawn} == {(0, 1), (2, 1), (3, 1)}

    asyncio.run(run())
