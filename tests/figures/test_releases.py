from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import official
import pandas as pd
import pytest
from official import row

from analysis.errors import RequestError
from analysis.figures import added, cleaning, processed, releases, workbook
from analysis.figures.register import load_register


@pytest.fixture
def folder(store: Path, tmp_path: Path) -> Path:
    """Add a release of three years in which code 71 begins in the second."""
    sheets = official.years(2012, 2014, last_quarters=2)
    sheets["2012_13"] = [r for r in sheets["2012_13"] if r[6] != "71"]
    sheets["2012_13"].append(row("2012/13", 1, "Essex", "88A", "N/a"))
    added.add(official.ods(tmp_path / "a.ods", sheets), released=date(2027, 1, 21))
    return store


@pytest.mark.usefixtures("folder")
def test_an_added_release_gives_every_code_in_it() -> None:
    frame = releases.load_offences("71")
    assert list(frame.columns) == list(cleaning.COLUMNS)
    assert frame["release"].unique().tolist() == ["2027-01-21"]
    assert len(frame) == 44 * 10
    kent = releases.matrix("71")["Kent"]
    assert kent.loc["2014Q1"] == 1312
    assert pd.isna(kent.loc["2013Q1"])


@pytest.mark.usefixtures("folder")
def test_a_count_that_is_not_available_is_missing() -> None:
    assert pd.isna(releases.matrix("88A").loc["2013Q1", "Essex"])


@pytest.mark.usefixtures("folder")
def test_an_added_release_gives_the_group_of_sexual_offences() -> None:
    group, parts = releases.matrix("sexual-offences"), [releases.matrix(code) for code in ("88A", "71")]
    assert group.loc["2014Q1", "Kent"] == parts[0].loc["2014Q1", "Kent"] + parts[1].loc["2014Q1", "Kent"]
    # A code without a figure adds nothing, as in the tables that are shipped.
    assert group.loc["2013Q1", "Kent"] == parts[0].loc["2013Q1", "Kent"]
    assert pd.isna(group.loc["2013Q1", "Essex"])


@pytest.mark.usefixtures("folder")
def test_names_an_offence_as_the_workbook_does_where_the_library_has_no_words() -> None:
    assert releases.describe("71").name == "Abuse of children through sexual exploitation"
    assert releases.describe("71").breaks == ()
    assert releases.describe("88a").name == "Sexual grooming"
    assert releases.describe("88A").breaks
    with pytest.raises(RequestError, match="release 2026-04-23 holds no code '71'; it holds 88A, sexual-offences"):
        releases.describe("71", "2026-04-23")


@pytest.mark.parametrize("harm", ["missing", "damaged", "of another workbook", "of another version", "not Parquet"])
def test_makes_the_parquet_file_anew_if_it_does_not_fit(
    harm: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = (folder / "processed").iterdir()
    whole = path.read_bytes()
    release = load_register().release("latest")
    if harm == "missing":
        path.unlink()
    elif harm == "damaged":
        middle = len(whole) // 4
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    elif harm == "of another workbook":
        frame = cleaning.clean(workbook.read(release.folder / release.tables[0].file)).frame
        path.write_bytes(processed.content(frame, sha256="0" * 64))
    elif harm == "of another version":
        monkeypatch.setattr(processed, "VERSION", 99)
    else:
        path.write_bytes(b"PAR1")
    assert len(processed.rows(release, release.table("71"))) == 2 * 6
    if harm != "of another version":
        assert path.read_bytes() == whole


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
@pytest.mark.usefixtures("folder")
def test_starts_no_thread_so_that_kernels_can_be_forked_afterwards() -> None:
    program = (
        "import os; from analysis import releases; releases.matrix('71'); releases.matrix('sexual-offences');"
        "print(len(os.listdir('/proc/self/task')))"
    )
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout.strip() == b"1"


def test_refuses_a_kept_workbook_that_was_changed(folder: Path) -> None:
    (path,) = (folder / "raw" / "added").glob("*.ods")
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(RequestError, match=r"2027-01-21-\w{12}.ods: its SHA-256 is .*add the workbook again"):
        releases.load_offences("71")


def test_refuses_a_workbook_with_fewer_rows_than_were_registered(folder: Path) -> None:
    register = folder / "raw" / "added" / "register.yaml"
    register.write_text(register.read_text().replace("rows: 12", "rows: 13"))
    with pytest.raises(RequestError, match="12 rows of code 71, the register says 13"):
        releases.load_offences("71")


def test_the_same_figures_give_the_same_parquet() -> None:
    frame = pd.DataFrame(
        {
            "offence": pd.Categorical(["88A"]),
            "group": pd.Categorical(["Sexual offences"]),
            "force": pd.Categorical(["Kent"], dtype=cleaning.FORCE_TYPE),
            "quarter": pd.PeriodIndex(["2018Q1"], freq="Q-MAR"),
            "offences": pd.array([3], dtype="Int64"),
        }
    )
    assert processed.content(frame, sha256="0" * 64) == processed.content(frame.copy(), sha256="0" * 64)
