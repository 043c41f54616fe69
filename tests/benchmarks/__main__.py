"""`python -m tests.benchmarks`: every budget of the design, measured.

What is drawn is measured in a pty, beside bare Textual programs in the same run. Trust the ratios
more than the times; a busy machine moves both.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tabulate import tabulate

from exports.documents.kinds import load_settings
from models.database.store import open_store
from models.settings.office import shipped_file
from tests.benchmarks import database, day, documents, peers, screen
from tests.offices import sample_round


def main() -> int:
    """Measure, print the table; 1 if a budget is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--ballots", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--only", choices=["screen", "database", "documents", "peers", "day"])
    parser.add_argument("--beside", metavar="PROGRAM", help="another ceping to measure a day with")
    options = parser.parse_args()
    # Programs compile their modules once, as an installed one has.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(folder / "sample" / "ceping.db")
        sample_round(load_settings(shipped_file()), store)
        store.close()
        if options.only == "peers":
            print(tabulate(peers.table(store.path, folder), peers.HEADS, disable_numparse=True))
            return 0
        if options.only == "day":
            found = day.table(folder, load_settings(shipped_file()), options.beside)
            print(tabulate(found, day.HEADS, disable_numparse=True))
            return 0
        figures = []
        if options.only in (None, "screen"):
            figures += screen.all_figures(store.path, folder)
        if options.only in (None, "database"):
            figures += database.all_figures(store.path, folder, options.ballots)
        if options.only in (None, "documents"):
            figures += documents.all_figures(folder)
    heads = ["", "measured", "bare", "unit", "budget", ""]
    rows = [figure.row() for figure in figures]
    print(
        tabulate(
            rows,
            heads,
            colalign=("left", "right", "right"),
            disable_numparse=True,
            tablefmt="simple",
        )
    )
    return 1 if any(figure.kept is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
