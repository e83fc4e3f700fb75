"""Several areas or offences in one chart: lines end at breaks, stand in their own years, and are told apart without colour."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from analysis import Period, RequestError, calendar_quarters, charts, compare, load_offences, series
from analysis.report.charts import style

RELEASE = "2026-04-23"


def of(*areas: str, offences: Any = "88A", **asked: Any) -> pd.DataFrame:
    return series(list(areas), offences, release=RELEASE, **asked)


def drawn(figure: Figure, panel: int = 0) -> list:
    """Return the pieces of lines of some axes, without the marks of breaks."""
    return [line for line in figure.axes[panel].lines if len(line.get_xdata()) != 2 or line.get_marker() != "None"]


def test_a_line_ends_where_what_is_counted_changed_and_each_figure_stands_in_its_own_quarter():
    chart = charts.lines(of("Kent"))
    before, after = drawn(chart.figure)
    change = date2num(np.datetime64("2017-04-01"))
    assert before.get_xdata()[-1] < pd.Timestamp("2017-04-01") < after.get_xdata()[0]
    assert (len(before.get_xdata()), len(after.get_xdata())) == (20, 35)
    assert after.get_ydata()[0] == 58  # April to June 2017
    assert after.get_xdata()[0] == pd.Timestamp("2017-05-16")
    assert change in [line.get_xdata()[0] for line in chart.figure.axes[0].lines]
    assert "Lines end at 1 April 2017." in chart.alternative


def test_lines_are_told_apart_without_colour_and_named_at_their_ends():
    chart = charts.lines(of("Kent", "Surrey", "Essex", "South East"))
    axes = chart.figure.axes[0]
    assert len({line.get_linestyle() for line in drawn(chart.figure)}) == 3
    assert len({tuple(map(tuple, marks.get_paths()[0].vertices)) for marks in axes.collections}) == 4
    said = [text.get_text() for text in chart.figure.axes[0].texts]
    assert [each for each in said if each[0] in "●■▲◆"] == ["● Kent", "■ Surrey", "▲ Essex", "◆ South East"]
    assert set(chart.frame["area"]) == {"Kent", "Surrey", "Essex", "South East"}


@pytest.mark.parametrize(
    ("table", "options"),
    [
        (of("Kent", "Metropolitan Police", "Northamptonshire", "Devon and Cornwall"), {}),
        (of("South East", offences=["violence-against-the-person", "burglary"]), {}),
        (of("Kent", "Metropolitan Police", "Northamptonshire", "Devon and Cornwall", "BTP"), {"panels": True}),
        (of("Kent", "BTP", "Metropolitan Police"), {"panels": True, "same_scale": False}),
    ],
)
def test_no_label_meets_another_or_a_line_and_nothing_is_cut(table, options):
    figure = charts.lines(table, **options).figure
    with mpl.rc_context(style.STYLE):
        figure.draw_without_rendering()
        for axes in figure.axes:
            boxes = [text.get_window_extent() for text in axes.texts]
            assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if one.overlaps(other)]
            for box in boxes:
                assert figure.bbox.x0 <= box.x0
                assert box.x1 <= figure.bbox.x1
            for marks in axes.collections:
                points = axes.transData.transform(marks.get_offsets())
                assert not [1 for x, y in points for box in boxes if box.contains(x, y)]
                assert np.nanmax(points[:, 1]) <= axes.bbox.y1 + 1


@pytest.mark.parametrize("panels", [False, True])
def test_provisional_quarters_are_hollow_and_the_release_is_named(panels):
    chart = charts.lines(of("Kent"), panels=panels)
    hollow = [tuple(face[:3]) == (1, 1, 1) for face in chart.figure.axes[0].collections[0].get_facecolors()]
    assert hollow == list(chart.frame["provisional"])
    assert "hollow: provisional [p]" in chart.svg
    assert chart.svg.count(", provisional</title>") == 5
    assert "release of 23 April 2026" in chart.title
    assert "release of 23 April 2026" in chart.alternative


def test_panels_have_one_scale_or_their_own():
    table = of("Kent", "Northamptonshire", "Metropolitan Police")
    alike = charts.lines(table, panels=True).figure.axes
    assert len({axes.get_ylim() for axes in alike}) == 1
    assert [axes.texts[-1].get_text() for axes in alike] == ["Kent", "Northamptonshire", "Metropolitan Police"]
    own = charts.lines(table, panels=True, same_scale=False).figure.axes
    assert len({axes.get_ylim() for axes in own}) == 3


def test_calendar_quarters_are_those_that_figures_are_of():
    frame = load_offences(release=RELEASE).query("area == 'Kent'")
    calendar = calendar_quarters(frame["quarter"])
    assert calendar.dtype == "period[Q-DEC]"
    for financial, quarter in zip(frame["quarter"], calendar, strict=True):
        months = Period.of_quarters(financial, financial)
        assert (quarter.start_time.year, quarter.start_time.month) == months.first
        assert (quarter.end_time.year, quarter.end_time.month) == months.last


def test_breaks_stand_where_they_belong_on_axes_that_pandas_has_drawn():
    frame = load_offences(release=RELEASE).query("area == 'Kent'")
    series = frame.set_index(calendar_quarters(frame["quarter"]))["offences"].astype(float)
    axes = Figure().subplots()
    series.plot(ax=axes)
    charts.mark_breaks(axes, compare("Kent", release=RELEASE))
    (mark,) = (line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 2)
    assert mark == pd.Period("2017Q2", freq="Q-DEC").ordinal - 0.5
    dated = Figure().subplots()
    dated.plot(series.index.to_timestamp(), series.to_numpy())
    charts.mark_breaks(dated, {"2017-04-01": "mine", "1999-01-01": "outside"})
    assert [text.get_text() for text in dated.texts] == ["mine"]
    with pytest.raises(RequestError, match="breaks: found 'March 2020'; give a day, as 2026-04-23"):
        charts.mark_breaks(dated, {"March 2020": "x"})


class TestSeries:
    """A chart of a table of series: what is drawn is what stands in it, and lines end where its definitions do."""

    @pytest.mark.parametrize(("by", "each"), [("quarter", "a quarter"), ("year", "a year"), ("rolling", "a year")])
    def test_counts_of_any_periods(self, by: str, each: str) -> None:
        table = series(["Kent", "Essex"], "88A", by=by, release=RELEASE)
        drawn = charts.lines(table)
        assert drawn.title.startswith(f"Recorded child grooming offences {each}, April 2012 to ")
        held = table[table["definition"].notna()]
        assert drawn.svg.count("<title>") == len(held)
        assert "Lines end at 1 April 2017." in drawn.alternative
        assert drawn.frame is table
        first, last = (held[held["area"] == "Essex"]["offences"].iloc[at] for at in (0, -1))
        assert re.search(
            rf"Essex: [^;]*: {first} recorded offences?; [^;]*: {last} recorded offences,", drawn.alternative
        )

    def test_counts_of_periods_that_are_neither_quarters_nor_years(self) -> None:
        table = series("Kent", "88A", ["2023-04..2023-09", "2024-04..2024-09"], release=RELEASE)
        drawn = charts.lines(table)
        assert drawn.title.startswith("Recorded child grooming offences in 6 months, April 2023 to September 2024")
        assert f"April to September 2024: {table['offences'].iloc[1]} recorded offences" in drawn.alternative

    def test_rates_have_their_intervals_and_are_of_the_residents_of_the_newest(self) -> None:
        drawn = charts.lines(series(["Kent", "Essex"], "88A", by="year", release=RELEASE), rates=True, panels=True)
        assert drawn.title.startswith(
            "Recorded child grooming offences a year for 10,000 children aged 0 to 17, April 2021"
        )
        assert "6.8 (95% interval 5.4 to 8.5), provisional" in drawn.alternative

    @pytest.mark.parametrize(
        ("make", "says"),
        [
            (lambda: charts.lines(load_offences()), "table: found one without start, months, age_band; give one of analysis"),
            (lambda: charts.lines([compare("Kent")]), "table: found "),
            (lambda: charts.lines(of("Kent", "Kent")), "Kent stands twice"),
            (lambda: charts.lines(series(["Kent", "Leeds"], "burglary")), "found counts of 3 and 12 months; give those of one length"),
            (lambda: charts.lines(series("BTP", "88A", by="year"), rates=True), "rates: found rates of nobody"),
            (lambda: charts.lines(series("Kent", ["88A", "burglary"], by="year"), rates=True), "rates of '0-17' and 'all'"),
            (lambda: charts.lines(series(["Kent", "Essex", "Surrey", "Sussex", "Dorset"], by="year")), "give at most 4, or panels=True"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_drawn_is_refused(self, make: Any, says: str) -> None:
        with pytest.raises(RequestError, match=re.escape(says)):
            make()


@pytest.fixture(scope="module")
def kent() -> charts.Chart:
    return charts.quarters(compare("Kent", release=RELEASE))


class TestSaved:
    """A saved chart names its source; size, dots, title and colours are one's own."""

    def test_a_source_stands_below_unless_it_is_refused(self, tmp_path: Path) -> None:
        drawn = charts.quarters(compare("Kent", offence="burglary", release=RELEASE))
        assert drawn.source == "Recorded burglaries, Kent. Source: Home Office, police recorded crime open data, release of 23 April 2026; Open Government Licence v3.0."  # fmt: skip
        text = drawn.save(tmp_path / "a.svg").read_text()
        assert "<!-- Recorded burglaries, Kent. Source: Home Office" in text
        assert drawn.title.split(",")[0][:40] in text
        bare = drawn.save(tmp_path / "a.svg", source=False, title="").read_text()
        assert "Source" not in bare
        assert drawn.title[:40] not in bare

    def test_size_dots_and_colours_are_ones_own_and_the_figure_stays(self, kent: charts.Chart, tmp_path: Path) -> None:
        drawn = kent
        before = drawn.figure.get_size_inches().tolist()
        path = drawn.save(
            tmp_path / "a.png", dpi=100, size=(8, 3), colours={"accent": "tab:red"}, source=False, title=""
        )
        image = matplotlib.image.imread(path)
        assert abs(image.shape[1] - 800) < 40
        pixels = {
            tuple(pixel) for pixel in (image.reshape(-1, image.shape[2])[:, :3] * 255).round().astype(int).tolist()
        }
        assert (214, 39, 40) in pixels
        assert (18, 67, 109) not in pixels
        assert drawn.figure.get_size_inches().tolist() == before
        assert drawn.save(tmp_path / "b.png").read_bytes() == drawn.save(tmp_path / "c.png").read_bytes()

    @pytest.mark.parametrize(
        ("how", "says"),
        [
            ({"path": "a.gif"}, "give a name that ends in .png, .svg or .pdf"),
            ({"path": "a"}, "ends in 'nothing'"),
            ({"path": None}, "path: found nothing"),
            ({"dpi": 0}, "dpi: found 0; give 10 to 2400"),
            ({"dpi": "high"}, "dpi: found 'high'"),
            ({"size": 3}, "size: found 3; give width and height in inches"),
            ({"colours": {"accent": "rouge"}}, "colours: found 'accent': 'rouge'"),
            ({"colours": {"bars": "red"}}, "colours: found 'bars': 'red'; give a colour of Matplotlib for paper, ink"),
            ({"colours": "red"}, "colours: found 'red'"),
        ],
    )
    def test_what_is_wrong_is_refused(self, kent: charts.Chart, how: dict[str, Any], says: str, tmp_path: Path) -> None:
        path = how.pop("path", "a.png")
        with pytest.raises(RequestError, match=re.escape(says)):
            kent.save(tmp_path / path if path else path, **how)
        assert list(tmp_path.iterdir()) == []
