"""Any list of cadres written as .csv, in any encoding, comes in as it was."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from models.database.store import open_store
from models.imports.roster_import import apply, plan
from models.roster import cadres as roster
from models.roster.columns import CADRE_COLUMNS

HAN = st.text("王李张刘陈杨赵黄周吴欧阳建国梅强〇㐀", min_size=1, max_size=6)
MONTH = st.builds("{}.{:02d}".format, st.integers(1930, 2030), st.integers(1, 12))
TEXT = st.text("中共党员、，（）“”\"',;=+@-\\./[]abc19", max_size=12).map(str.strip)
# A leading ' and ="…" mark a text in a spreadsheet and are taken off.
TEXT = TEXT.filter(lambda text: not text.startswith(("'", '="')))
CADRE = st.fixed_dictionaries(
    {
        "name": HAN,
        "gender": st.sampled_from(["", "男", "女"]),
        "ethnicity": TEXT,
        "born": st.one_of(st.just(""), MONTH),
        "native_place": TEXT,
        "party": TEXT,
        "joined_party": MONTH,
        "started_work": MONTH,
        "education": TEXT,
        "unit": st.sampled_from(["甲局", "乙局"]),
        "title": TEXT,
        "role": st.sampled_from(["班子成员", "其他"]),
        "rank": st.integers(1, 99).map(str),
        "tier": TEXT,
        "since": MONTH,
    }
)


@settings(max_examples=40, deadline=None)
@given(
    cadres=st.lists(CADRE, min_size=1, max_size=6),
    delimiter=st.sampled_from(",\t;"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_a_list_written_as_csv_comes_in_as_it_was(
    cadres: list[dict[str, str]], delimiter: str, encoding: str
) -> None:
    for number, cadre in enumerate(cadres):
        cadre["archive_no"] = f"A{number}"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([column.label for column in CADRE_COLUMNS])
    writer.writerows([[cadre[column.field] for column in CADRE_COLUMNS] for cadre in cadres])
    with tempfile.TemporaryDirectory() as folder:
        fresh = open_store(Path(folder) / "ceping.db")
        try:
            path = Path(folder) / "名单.csv"
            path.write_text("单位名称\n甲局\n乙局\n", encoding="utf-8")
            apply(plan(path), fresh)
            path.write_bytes(text.getvalue().encode(encoding))
            found = plan(path)
            assert found.refused == ()
            apply(found, fresh)
            stored = [
                {
                    column.field: row.role.label
                    if column.field == "role"
                    else str(getattr(row, "unit_name" if column.field == "unit" else column.field))
                    for column in CADRE_COLUMNS
                }
                for row in roster.all_cadres()
            ]
            assert stored == cadres
            again = plan(path)
            assert (again.added, again.changed) == ((), ())
        finally:
            fresh.close()
