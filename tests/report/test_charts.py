"""Charts: nothing overlaps or is cut, colours are the house's, alternatives carry the numbers, bytes are the same twice."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # what is read is what the test itself made
from html import unescape
from itertools import groupby, product

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis import RequestError, compare, files
from analysis.report import charts
from analysis.report.charts import chart as making
from analysis.report.charts import style
from analysis.terms import areas, numbers

RELEASE = "2026-04-23"
ALL = (charts.quarters, charts.process, charts.among_forces)
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
# Each has steps, whose labels come nearest in Merseyside, or a limit at zero or far from the mean: else the process chart of one force is as that of another.
CROWDED = ("Derbyshire", "Durham", "Merseyside", "South Wales", "Thames Valley")
DPI = 288  # fine enough that letters are as wide as in the drawing
OVERLAP = 2  # of these dots, in both directions: less than antialiasing shows


@pytest.fixture
def drawn(monkeypatch):
    """Give a function that draws a chart and hands over its Matplotlib figures, the wide one and the narrow one."""
    kept: list[Figure] = []
    monkeypatch.setattr(making, "to_svg", lambda figure, *_, **__: kept.append(figure) or "")
    monkeypatch.setattr(style, "put_back", lambda figure: None)  # noqa: ARG005  # each drawing is kept

    def draw(chart, comparison) -> list[Figure]:
        kept.clear()
        chart(comparison)
        return list(kept)

    return draw


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Return every text that is seen, with the box that it takes up."""
    figure.dpi = DPI
    with mpl.rc_context(style.STYLE):
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
    shown = texts(figure)
    words = [text.get_text() for text, _ in shown]
    boxes = np.array([box.extents for _, box in shown]).reshape(-1, 2, 2)  # each its least corner and its greatest
    least, greatest = boxes[:, 0], boxes[:, 1]
    shared = np.minimum(greatest[:, None], greatest) - np.maximum(least[:, None], least)
    pairs = np.argwhere(np.triu((shared > OVERLAP).all(axis=2), 1))
    cut = np.flatnonzero(((least < figure.bbox.min) | (greatest > figure.bbox.max)).any(axis=1))
    return [
        *(f"{words[one]!r} overlaps {words[other]!r}" for one, other in pairs),
        *(f"{words[place]!r} is cut off" for place in cut),
    ]


def test_the_check_sees_what_overlaps_and_what_is_cut_off():
    with style.applied():
        figure, (axes,) = style.canvas(Axes.set_axis_off, (4, 3), 0, (0, 1), left=9)
        axes.set_ylim(0, 1)  # others of its kind may have been drawn on it
        axes.text(0.5, 0.5, "one")
        axes.text(0.51, 0.5, "two")
        axes.text(1.02, 0.9, "a long text at the edge")
    assert misplaced(figure) == ["'one' overlaps 'two'", "'a long text at the edge' is cut off"]


@pytest.mark.parametrize(
    ("force", "offence", "steps"),
    [
        ("Devon and Cornwall", "88A", ["2023/24 Q2"]),
        ("Lancashire", "46", ["2016/17 Q3", "2020/21 Q1", "2021/22 Q1", "2022/23 Q4"]),
    ],
)
def test_each_step_is_named_above_the_chart_and_no_label_meets_another(drawn, force, offence, steps):
    for figure in drawn(charts.process, compare(force, offence=offence, release=RELEASE)):
        said = [text.get_text() for text, _ in texts(figure)]
        assert sorted(text for text in said if text.startswith("step ")) == [f"step {quarter}" for quarter in steps]
        assert misplaced(figure) == []


CASES = [
    *((name, LATEST, (charts.quarters, charts.process)) for name in EXTREMES),
    *((name, LATEST, (charts.process,)) for name in CROWDED),
    # Every third pair: each area in two of the periods, and each period of two of the areas. The process chart is of all quarters.
    *(
        (name, asked, (charts.quarters, charts.among_forces))
        for place, (name, asked) in enumerate(product(EXTREMES, (LATEST, *PERIODS)))
        if (place + place // 6) % 3 == 0
    ),
    ("Kent", {"period": "2022/23", "release": "2023-10-19"}, ALL),
    ("Greater Manchester", {"period": "2019/20", "release": "2023-10-19"}, ALL),
    ("Northamptonshire", {"period": "2017/18", "release": "before-2019-08"}, ALL),
]  # fmt: skip


@pytest.mark.parametrize(("name", "asked", "shown"), CASES, ids=[f"{name} {asked}" for name, asked, _ in CASES])
def test_labels_are_clear_of_each_other(drawn, name, asked, shown):
    comparison = compare(name, **{"release": RELEASE} | asked)
    for chart in shown:
        for figure in drawn(chart, comparison):
            assert misplaced(figure) == [], (chart.__name__, figure.get_figwidth())


def svgs(chart: charts.Chart) -> list[str]:
    return re.findall(r"<svg.*?</svg>", str(chart.html))


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.__name__)
def test_the_same_figures_give_the_same_bytes_in_the_houses_colours(chart):
    comparison = compare("Northamptonshire", release=RELEASE)
    one = chart(comparison)
    between = chart(compare("England and Wales", offence="total", release=RELEASE))
    between.figure.axes[0].axhline(1)  # on axes of its own
    other = chart(comparison)
    assert svgs(one) == svgs(other)
    wide, narrow = svgs(one)
    assert wide == one.svg
    for svg in (wide, narrow):
        used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
        assert used <= {"none", *style.COLOURS.values()}
        assert " style=" not in svg  # which the policy of a page refuses
        assert "clip" not in svg


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.__name__)
def test_a_drawing_is_text_and_shapes_and_every_mark_of_it_tells_its_value(chart):
    made = chart(compare("Northamptonshire", release=RELEASE))
    wide, narrow = (ET.fromstring(svg) for svg in svgs(made))  # noqa: S314 -- our own
    name = "{http://www.w3.org/2000/svg}"
    marks = [part for part in wide.iter() if part.get("class") == "mark"]
    values = [mark.findtext(f"{name}title") for mark in marks]
    assert len(values) == len(made.frame) == len([part for part in narrow.iter() if part.get("class") == "mark"])
    assert all(re.search(r"\d recorded offences?\b", value) for value in values)
    assert narrow.find(f".//{name}title") is None  # nobody hovers there, and a script has the others
    for svg in (wide, narrow):
        assert svg.findall(f".//{name}text")
        assert max(len(path.get("d", "")) for path in svg.iter(f"{name}path")) < 1200  # no outline of a letter
    assert len(str(made.html)) < 45_000


def test_values_tell_what_is_provisional_defined_otherwise_or_not_supplied():
    values = re.findall("<title>(.*?)</title>", charts.quarters(compare("Kent", release=RELEASE)).svg)
    assert values[0] == "April to June 2012: 1 recorded offence, earlier definition"
    assert values[21] == "July to September 2017: 31 recorded offences"
    assert values[-1] == "October to December 2025: 77 recorded offences, provisional"
    rates = [
        unescape(each)
        for each in re.findall("<title>(.*?)</title>", charts.among_forces(compare("Kent", release=RELEASE)).svg)
    ]
    assert re.fullmatch(
        r"Kent: 8\.7 \(\d\.\d to 1\d\.\d\) per 10,000 children aged 0 to 17 a year; 371 recorded offences",
        next(each for each in rates if each.startswith("Kent: ")),
    )
    outcomes = compare("Kent", release="2019-outcomes", period="2018/19")
    assert "January to March 2019: " in charts.quarters(outcomes).svg


def test_a_colour_that_is_not_the_houses_is_refused():
    with style.applied():
        figure, (axes,) = style.canvas(Axes.set_axis_off, (2, 2), 0, (0, 1), left=9)
        axes.plot([0, 1], [0, 1], color="#ff0000")
        with pytest.raises(ValueError, match="colour #ff0000 is not in the house style"):
            making.to_svg(figure, "red", ())


def test_a_mark_without_a_value_or_a_value_without_a_mark_is_refused():
    with style.applied():
        figure, (axes,) = style.canvas(Axes.set_axis_off, (2, 2), 0, (0, 1), left=9)
        axes.scatter([0, 1], [0, 1], color=style.ACCENT, gid=style.MARK)
        assert making.to_svg(figure, "two", ("one", "other")).count("<title>") == 2
        with pytest.raises(ValueError, match="found 2 marks for 1 values"):
            making.to_svg(figure, "two", ("one",), is_narrow=True)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def in_the_dark() -> dict[str, str]:
    """Return what the style sheet makes of each colour on a dark page."""
    sheet = (files.PACKAGE / "report" / "templates" / "report" / "chart.css").read_text(encoding="utf-8")
    found = re.findall(r'\[fill="(#\w+)"\] \{ fill: (#\w+); \} \.drawing \[stroke="\1"\] \{ stroke: \2; \}', sheet)
    assert [light for light, _ in found] == list(style.COLOURS.values())
    return dict(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_told_apart_by_brightness_alone(scheme):
    seen = in_the_dark() if scheme == "dark" else {colour: colour for colour in style.COLOURS.values()}
    shown = {name: seen[colour] for name, colour in style.COLOURS.items()}
    for name in ("ink", "muted", "accent", "break"):
        assert contrast(shown[name], shown["paper"]) >= 4.5, name
        assert contrast(shown[name], shown["shade"]) >= 4.5, name
    assert contrast(shown["pale"], shown["paper"]) >= 3
    assert contrast(shown["pale"], shown["accent"]) >= 2


def test_alternatives_carry_the_numbers_of_their_charts():
    comparison = compare("Kent", release=RELEASE)
    said = {chart: chart(comparison) for chart in ALL}
    for row in said[charts.among_forces].frame.itertuples():
        assert f"{row.force} {numbers.number(row.rate_per_10000, 1)}" in said[charts.among_forces].alternative
    assert "2018/19 Q1 39" in said[charts.process].alternative
    assert len({chart.alternative for chart in said.values()}) == len(ALL)


def test_a_chart_shows_its_drawing_words_and_every_row_behind_it():
    chart = charts.among_forces(compare("England and Wales", release=RELEASE))
    html = str(chart.html)
    assert html.count(chart.svg) == 1
    assert f'<p id="said-forces" hidden>{chart.alternative}</p>' in unescape(html)
    assert html.count("<tr>") == 1 + 42
    assert chart.csv.count("\n") == 1 + 42


def test_a_group_of_which_nothing_is_recorded_in_the_newest_year_has_counts_and_no_line(monkeypatch):
    comparison = compare("Kent", release=RELEASE)
    years = type(comparison).years

    def none_of_robbery(side, offence):
        *rest, last = years(side, offence)
        if side.area.name == "Kent" and offence.noun == "robberies":
            last = last | {max(last): 0}
        return (*rest, last)

    monkeypatch.setattr(type(comparison), "years", none_of_robbery)
    chart = charts.courses(comparison)
    robbery = chart.frame[chart.frame["offence"] == "Robbery"]
    assert robbery["percent_of_newest"].isna().all()
    assert ", 2023 1,089, 2024 0; Theft offences: " in chart.alternative


def test_where_no_group_has_a_newest_year_to_be_set_against_there_are_panels_and_no_line(monkeypatch):
    comparison = compare("Kent", release=RELEASE)
    years = type(comparison).years
    none = lambda side, offence: tuple(dict.fromkeys(each, 0) for each in years(side, offence))  # noqa: E731
    monkeypatch.setattr(type(comparison), "years", none)
    chart = charts.courses(comparison)
    assert chart.frame["percent_of_newest"].isna().all()
    assert not any(axes.lines for axes in chart.figure.axes)


def test_rates_stand_by_region_and_name_and_never_by_size(drawn):
    comparison = compare("Kent", release=RELEASE)
    chart = charts.among_forces(comparison)
    regions = {force.name: force.region for force in areas.FORCES}
    names = list(chart.frame["force"])
    assert names == sorted(names, key=lambda name: (regions[name], name))
    assert "by region and name" in chart.alternative
    assert "order of the rate" not in str(chart.html)
    for figure in drawn(charts.among_forces, comparison):
        (axes,) = figure.axes
        assert axes.yaxis_inverted()  # the first at the top
        shown = [text.get_text() for text in axes.texts]
        assert shown == [line for region, of in groupby(names, regions.get) for line in (region, *of)]


def test_without_any_rate_a_chart_says_so():
    # Residents are held from mid-2012 to mid-2024: for code 88A nothing stands near the months after that plus 18.
    comparison = without_rates(compare("Kent", period="2024/25", release=RELEASE))
    shown = charts.among_forces(comparison)
    assert (shown.svg, shown.csv) == ("", None)
    assert "No chart of rates: there is no rate of residents in April 2024 to March 2025" in str(shown.html)


def without_rates(comparison):
    """Return a comparison of a period that no estimate of residents stands near."""
    comparison.__dict__["rates"] = {}  # what is worked out once, and kept there
    return comparison


def test_a_break_is_drawn_where_it_lies_with_the_definition_on_either_side(drawn):
    comparison = compare("Kent", release=RELEASE)
    for figure in drawn(charts.quarters, comparison):
        shown = [text.get_text() for text, _ in texts(figure)]
        assert "Until March 2017:\nmeeting a child only" in shown
        assert "From April 2017: also\nsexual communication" in shown
        lines = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_linestyle() == "--"]
        assert lines == [20 - 0.5]  # five years of quarters lie before it
    assert "A line marks 1 April 2017, when what is counted changed." in charts.quarters(comparison).alternative


def test_a_break_inside_a_quarter_is_drawn_within_its_bar(drawn):
    for figure in drawn(charts.quarters, compare("England and Wales", offence="sexual-offences", release=RELEASE)):
        places = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_linestyle() == "--"]
        (inside,) = [place for place in places if (place + 0.5) % 1]
        assert inside == pytest.approx(47 - 0.5 + 30 / 91, abs=0.01)  # 31 January 2024
        assert misplaced(figure) == []


@pytest.mark.parametrize("offence", ["8L", "sexual-offences", "violence-against-the-person"])
def test_labels_of_many_breaks_are_clear_of_each_other_and_say_nothing_of_a_part(drawn, offence):
    comparison = compare("England and Wales", offence=offence, release=RELEASE)
    for figure in drawn(charts.quarters, comparison):
        assert misplaced(figure) == []
        shown = [text.get_text() for text, _ in texts(figure)]
        assert {change.words for change in comparison.all_breaks} <= set(shown)
        assert not any("meeting a child" in text for text in shown)  # which is what 88A held alone


def test_a_quarter_that_was_not_supplied_is_a_gap_and_named(drawn):
    missing = next(
        name
        for name in areas.NAMES
        if compare(name, period="2018/19", release="2019-outcomes").current.offences is None
    )
    comparison = compare(missing, period="2018/19", release="2019-outcomes")
    for figure in drawn(charts.quarters, comparison):
        assert "[x]" in [text.get_text() for text, _ in texts(figure)]
        assert misplaced(figure) == []
    assert "not supplied and left out" in charts.quarters(comparison).alternative


def test_years_that_were_not_counted_are_marked_once(drawn):
    comparison = compare("England and Wales", offence="business-and-community-burglary", release=RELEASE)
    for figure in drawn(charts.quarters, comparison):
        assert [text.get_text() for text, _ in texts(figure)].count("[x]") == 1
        assert misplaced(figure) == []


def test_levels_are_named_no_farther_from_themselves_than_needed():
    with style.applied():
        _, (axes,) = style.canvas(Axes.set_axis_off, (4, 3), 0, (0, 1), left=9)
        top = style.points(axes)[1]
        axes.set_ylim(0, top)  # in points
        named = [("at the head", top), ("high", 100), ("one", 50), ("same", 50.5), ("near", 2), ("at the foot", 0)]
        style.name_levels(axes, named)
    head, high, one, same, near, low = (text.get_position()[1] for text in axes.texts)
    gap = 1.1 * style.LINE
    assert (head, high) == (pytest.approx(top - gap / 2), pytest.approx(100))
    assert same - one == pytest.approx(gap)
    assert one + same == pytest.approx(100.5)
    assert (low, near) == (pytest.approx(gap / 2), pytest.approx(1.5 * gap))


def test_a_chart_hands_over_its_figure_to_change_and_to_save(tmp_path):
    chart = charts.quarters(compare("Kent", release=RELEASE), size=(8, 4), title="A title of my own")
    assert chart.title == "A title of my own"
    assert 'aria-label="Drawing: A title of my own"' in chart._repr_html_()
    assert tuple(chart.figure.get_size_inches()) == (8, 4)
    plain = chart.save(tmp_path / "plain.svg").read_text()
    assert chart.save(tmp_path / "again.svg").read_text() == plain
    chart.figure.axes[0].axhline(50, color="green", gid="mine")
    assert 'id="mine"' in chart.save(tmp_path / "changed.svg").read_text()
    assert 'id="mine"' not in plain
    assert chart.save(tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert chart.save(tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    for path in tmp_path.iterdir():
        assert b"atplotlib v" not in path.read_bytes(), path  # of which version it is tells of the run
    assert chart.figure.texts == []  # the title of a file is not left in the figure


def test_where_there_is_nothing_to_draw_nothing_is_saved(tmp_path):
    with pytest.raises(RequestError, match="nothing to draw: No chart of the course"):
        charts.process(compare("City of London", release=RELEASE)).save(tmp_path / "a.png")
