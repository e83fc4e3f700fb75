"""Charts: nothing overlaps or is cut, colours are the house's, alternatives carry the numbers, bytes are the same twice."""

from __future__ import annotations

import base64
import importlib
import re
from itertools import combinations, pairwise

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis import compare
from analysis.report import charts, drawing
from analysis.report.charts import figure as figures
from analysis.terms import forces, numbers

tile_map = importlib.import_module("analysis.report.charts.tiles")  # its name in the package is the function's
RELEASE = "2026-04-23"
ALL = (charts.quarters, charts.periods, charts.process, charts.funnel, charts.among_forces, charts.tiles)
LATEST: dict[str, str] = {}
PERIODS = (
    {"period": "2017-04..2017-12", "baseline": "2016-04..2017-03"},
    {"period": "2013-04..2017-12"},
    {"period": "2012-04..2012-06"},
    {"period": "2018/19", "baseline": "2017/18"},
    {"period": "2022/23"},
)
# The longest names, the largest and the smallest counts and rates, none at all, and all forces together.
EXTREMES = (
    "British Transport Police",
    "City of London",
    "Devon and Cornwall",
    "England and Wales",
    "Metropolitan Police",
    "Northamptonshire",
)
DPI = 288  # fine enough that letters are as wide as in the drawing
OVERLAP = 2  # of these dots, in both directions: less than antialiasing shows


@pytest.fixture
def drawn(monkeypatch):
    """Give a function that draws a chart and hands over its Matplotlib figure."""
    kept: list[Figure] = []
    monkeypatch.setattr(drawing, "to_svg", lambda figure: kept.append(figure) or "")

    def draw(chart, comparison) -> Figure | None:
        kept.clear()
        chart(comparison)
        return kept[0] if kept else None

    return draw


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Return every text that is seen, with the box that it takes up."""
    figure.dpi = DPI
    with mpl.rc_context(drawing.STYLE):
        figure.draw_without_rendering()
        found = list(figure.texts)
        for axes in figure.axes:
            found += axes.texts
            for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
                low, high = sorted(axis.get_view_interval())
                found += [axis.label, *(t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high)]
        return [(text, text.get_window_extent()) for text in found if text.get_text().strip()]


def misplaced(figure: Figure) -> list[str]:
    """Return which texts overlap or are cut off."""
    boxes = texts(figure)
    found = [
        f"{a.get_text()!r} overlaps {b.get_text()!r}"
        for (a, one), (b, other) in combinations(boxes, 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > OVERLAP
        and min(one.y1, other.y1) - max(one.y0, other.y0) > OVERLAP
    ]
    canvas = figure.bbox
    return found + [
        f"{text.get_text()!r} is cut off"
        for text, box in boxes
        if box.x0 < canvas.x0 or box.y0 < canvas.y0 or box.x1 > canvas.x1 or box.y1 > canvas.y1
    ]


def test_the_check_sees_what_overlaps_and_what_is_cut_off():
    with drawing.canvas(4, 3) as (figure, axes):
        axes.set_axis_off()
        axes.text(0.5, 0.5, "one")
        axes.text(0.51, 0.5, "two")
        axes.text(1.02, 0.9, "a long text at the edge")
    assert misplaced(figure) == ["'one' overlaps 'two'", "'a long text at the edge' is cut off"]


@pytest.mark.parametrize("name", [*forces.NAMES, "England and Wales"])
def test_labels_are_clear_of_each_other_on_every_force_page(drawn, name):
    comparison = compare(name, release=RELEASE)
    for chart in (charts.quarters, charts.process, charts.funnel):
        figure = drawn(chart, comparison)
        assert figure is None or misplaced(figure) == [], chart.__name__


@pytest.mark.parametrize("asked", [LATEST, *PERIODS], ids=str)
@pytest.mark.parametrize("name", EXTREMES)
def test_labels_are_clear_of_each_other_in_any_period(drawn, name, asked):
    comparison = compare(name, release=RELEASE, **asked)
    # The process chart is of all quarters, whatever the period; the map is the same on every page.
    chosen = [charts.quarters, charts.periods, charts.funnel, charts.among_forces]
    for chart in [*chosen, *([charts.tiles] if name == "England and Wales" else [])]:
        figure = drawn(chart, comparison)
        assert figure is None or misplaced(figure) == [], chart.__name__


@pytest.mark.parametrize(("release", "name", "period"), [
    ("2023-10-19", "Kent", "2022/23"),
    ("2023-10-19", "Greater Manchester", "2019/20"),
    ("before-2019-08", "Northamptonshire", "2017/18"),
])  # fmt: skip
def test_labels_are_clear_of_each_other_in_any_release(drawn, release, name, period):
    comparison = compare(name, period=period, release=release)
    for chart in ALL:
        figure = drawn(chart, comparison)
        assert figure is None or misplaced(figure) == [], chart.__name__


def test_names_and_rates_fit_their_tiles(drawn):
    figure = drawn(charts.tiles, compare("England and Wales", release=RELEASE))
    inside = texts(figure)
    squares = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_width() > 0.5]
    assert len(squares) == 44
    for square in squares:
        box = square.get_window_extent()
        own = [text for text in inside if box.contains(*text[1].get_points().mean(axis=0))]
        assert len(own) == 2
        assert all(box.x0 < words.x0 < words.x1 < box.x1 and box.y0 < words.y0 for _, words in own)


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.__name__)
def test_the_same_figures_give_the_same_bytes_in_the_houses_colours(chart):
    comparison = compare("Northamptonshire", release=RELEASE)
    one, other = chart(comparison), chart(comparison)
    assert one.svg == other.svg
    scheme, rest = one.svg.split("</style>", 1)
    assert {colour for pair in drawing.COLOURS.values() for colour in pair} == set(re.findall(r"#[0-9a-f]{6}", scheme))
    used = set(re.findall(r"(?:fill|stroke)(?:: |=\")([^;\"]+)", rest))
    assert used <= {"none", *(f"var(--{name})" for name in drawing.COLOURS), *re.findall(r"url\(#\w+\)", rest)}


def test_a_colour_that_is_not_the_houses_is_refused():
    with drawing.canvas(2, 2) as (figure, axes):
        axes.plot([0, 1], [0, 1], color="#ff0000")
        with pytest.raises(ValueError, match="colour #ff0000 is not in the house style"):
            drawing.to_svg(figure)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_are_told_apart_by_brightness_alone(scheme):
    shown = {name: pair[scheme] for name, pair in drawing.COLOURS.items()}
    for name in ("ink", "muted", "accent", "break"):
        assert contrast(shown[name], shown["paper"]) >= 4.5, name
        assert contrast(shown[name], shown["shade"]) >= 4.5, name
    assert contrast(shown["pale"], shown["paper"]) >= 3
    assert contrast(shown["pale"], shown["accent"]) >= 2
    roles = {light: name for name, (light, _) in drawing.COLOURS.items()}
    scale = [shown[roles[colour]] for colour in drawing.SCALE]
    for step, text in zip(scale, drawing.ON_SCALE, strict=True):
        assert contrast(step, shown[roles[text]]) >= 4.5
    brightness = [luminance(step) for step in scale]
    assert brightness == sorted(brightness, reverse=scheme == 0)
    assert all(contrast(one, other) > 1.3 for one, other in pairwise(scale))


def test_alternatives_carry_the_numbers_of_their_charts():
    comparison = compare("Kent", release=RELEASE)
    said = {chart: chart(comparison) for chart in ALL}
    for chart, column in ((charts.among_forces, 5), (charts.tiles, 5)):
        for row in said[chart].rows:
            shown = "no rate" if row[column] is None else numbers.number(row[column], 1)
            assert f"{row[0]} {shown}" in said[chart].alternative
    for row in said[charts.periods].rows:
        assert f"{row[1]}: {row[3]} in {row[2]} months" in said[charts.periods].alternative
    assert "2018/19 Q1 39" in said[charts.process].alternative
    assert "2017/18: 167; " in said[charts.quarters].alternative
    assert "Ratios run from 0.41 to 2.44" in said[charts.funnel].alternative
    assert len({chart.alternative for chart in said.values()}) == len(ALL)


def test_a_chart_shows_its_drawing_words_and_every_row_behind_it():
    chart = charts.tiles(compare("England and Wales", release=RELEASE))
    html = str(chart.html)
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    assert address
    assert base64.b64decode(address[1]).decode() == chart.svg
    assert html.count("<tr>") == 1 + 44
    assert chart.csv.count("\n") == 1 + 44


def test_forces_without_a_rate_are_hatched_and_named():
    chart = charts.tiles(compare("England and Wales", release=RELEASE))
    assert [row[0] for row in chart.rows if row[5] is None] == ["British Transport Police", "City of London"]
    assert chart.svg.count("url(#h") == 3  # two forces and the legend
    assert "City of London no rate" in chart.alternative


def test_a_map_without_any_rate_says_so(monkeypatch):
    monkeypatch.setattr(tile_map, "force_rates", lambda *_, **__: {})
    chart = charts.tiles(compare("Kent", period="2024/25", release=RELEASE))
    assert chart.svg == ""
    assert "No map: there is no rate of residents in April 2024 to March 2025" in str(chart.html)


@pytest.mark.parametrize(("highest", "step"), [(14.4, 3), (15, 3), (15.01, 4), (0.9, 0.2), (49, 10), (0.004, 0.001)])
def test_steps_of_the_scale_are_round_and_reach_the_highest_rate(highest, step):
    assert tile_map._step(highest) == pytest.approx(step)


def test_a_quarter_that_was_not_supplied_is_a_gap_and_named(drawn):
    missing = next(
        name
        for name in forces.NAMES
        if compare(name, period="2018/19", release="2019-outcomes").current.offences is None
    )
    comparison = compare(missing, period="2018/19", release="2019-outcomes")
    figure = drawn(charts.quarters, comparison)
    assert "[x]" in [text.get_text() for text, _ in texts(figure)]
    assert misplaced(figure) == []
    assert "not supplied and left out" in charts.quarters(comparison).alternative


def test_a_small_trend_leaves_gaps_and_keeps_zero_at_its_base():
    svg = drawing.trend([0, 4, float("nan"), 2, float("nan"), 1])
    (path,) = re.findall(r'<path d="([^"]+)"', svg)
    assert path.split("M")[1:] == ["2.0 24.0h0L22.0 4.0", "62.0 14.0h0", "102.0 19.0h0"]
    assert 'y1="24.0" y2="24.0"' in svg
    assert 'y1="14.0"' in drawing.trend([-1, 1])
    assert len(drawing.trend([float("nan"), float("nan")])) > 0


def test_labels_are_pushed_apart_no_farther_than_needed():
    assert figures.apart([0, 10, 20], gap=5) == [0, 10, 20]
    moved = figures.apart([5, 5, 5.5], gap=2)
    assert all(b - a >= 2 - 1e-9 for a, b in pairwise(sorted(moved)))
    assert sum(moved) == pytest.approx(15.5)
