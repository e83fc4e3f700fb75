"""The table of methods: what each answers, its formula and source, and worked examples with their published results."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

from analysis import statistics
from analysis.report.methods.models import Example, Method

_DEVIATIONS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
_BELGIUM = [12, 14, 33, 50, 67, 74, 123, 141, 165, 204, 253, 246, 240]
_FIFTEEN = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
_FIFTEEN += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]

_ENDS = attrgetter("low", "high")
_RATIO = attrgetter("value", "low", "high")


def _first(*names: str) -> Callable[[Any], Any]:
    """Read the first point of arrays, for limits that are the same at every point or wanted at the first alone."""
    return lambda result: [getattr(result, name)[0] for name in names]


def _ends(low: str, high: str) -> tuple[tuple[str, str], ...]:
    return ("low", low), ("high", high)


def _funnel_example(expected: int, confidence: float, low: str, high: str) -> Example:
    return Example(
        f"{expected} expected, {confidence * 100:g}% limits of observed over expected",
        _ends(low, high),
        "FunnelPlotR, test-poisson_limits.R",
        partial(statistics.funnel_limits, expected, confidence=confidence),
        _ENDS,
    )


METHODS = (
    Method(
        "Intervals",
        "Exact interval of a count",
        "How far might a count lie from its long-run level by chance alone?",
        "low = ½ χ²(α/2; 2x), high = ½ χ²(1 − α/2; 2x + 2) for a count x; χ²(p; d) is the quantile of chi-square with "
        "d degrees of freedom, and α is 0.05 for 95%. A count of 0 has the low end 0; a negative total has no interval.",
        "Garwood (1936)",
        (
            Example(
                "33 offences",
                _ends("22.7157", "46.3443"),
                "By hand, from tables of chi-square",
                partial(statistics.poisson_interval, 33),
                _ENDS,
            ),
            Example(
                "5 offences",
                _ends("1.6235", "11.6683"),
                "By hand, from tables of chi-square",
                partial(statistics.poisson_interval, 5),
                _ENDS,
            ),
        ),
    ),
    Method(
        "Intervals",
        "Rate of residents",
        "How many offences is that a year for 10,000 children, and how far might chance alone move it?",
        "rate = 10,000 × offences ÷ (residents × months ÷ 12), with the exact interval of the count on the same scale.",
        "Garwood (1936)",
        (
            Example(
                "15 events in an exposure of 400",
                (("rate", "0.0375"), *_ends("0.0209884653", "0.0618505472")),
                "DescTools, as in statsmodels’ own tests (confint_poisson, exact-c)",
                partial(statistics.rate, 15, 400),
                _RATIO,
            ),
        ),
    ),
    Method(
        "Intervals",
        "Byar’s interval",
        "What interval would the UK Health Security Agency publish for the same count?",
        "low = x (1 − 1/(9x) − z/(3√x))³, high = y (1 − 1/(9y) + z/(3√y))³ with y = x + 1 and z the normal quantile; "
        "below 10 the exact interval. It stands beside the exact one as a check; the pages show the exact one.",
        "Breslow and Day (1987), in the form of the agency’s PHEindicatormethods; DescTools’ “byar” is another form",
        (
            Example(
                "65 events, 95%",
                _ends("50.163188", "82.849139"),
                "PHEindicatormethods, test data",
                partial(statistics.byar_interval, 65),
                _ENDS,
            ),
            Example(
                "65 events, 99.8%",
                _ends("42.880261", "94.000291"),
                "PHEindicatormethods, test data",
                partial(statistics.byar_interval, 65, confidence=0.998),
                _ENDS,
            ),
            Example(
                "1,045 events, 95%",
                _ends("982.593202", "1110.331213"),
                "PHEindicatormethods, test data",
                partial(statistics.byar_interval, 1045),
                _ENDS,
            ),
            Example(
                "1 event, 95%, by the approximation",
                _ends("0.0130721", "5.5637556"),
                "PHEindicatormethods, test data",
                partial(statistics.byar_interval, 1, exact_below=0),
                _ENDS,
            ),
        ),
    ),
    Method(
        "Ratios and spread",
        "Exact ratio of two rates",
        "How many times the earlier rate is the later one, and what would chance alone leave of it?",
        "ratio = (a ÷ m) ÷ (b ÷ n) for counts a and b in m and n months. Given a + b, the count a is binomial: the interval is "
        "Clopper and Pearson’s for its share s, turned into a ratio by (s ÷ (1 − s)) ÷ (m ÷ n). On the pages: “by chance alone”.",
        "Przyborowski and Wilenski (1940); as R’s poisson.test. Mid-p and z as Gu, Ng, Tang and Schucany (2008)",
        (
            Example(
                "11 in 800 against 21 in 3,011",
                (("ratio", "1.971"), *_ends("0.8584", "4.2773"), ("p", "0.07967")),
                "R, help page of poisson.test",
                partial(statistics.rate_ratio, 11, 800, 21, 3011),
                attrgetter("value", "low", "high", "p"),
            ),
            Example(
                "60 in 51,477.5 against 30 in 54,308.7",
                (("p", "0.000675"), ("mid-p", "0.000557"), ("z", "3.417402")),
                "Gu, Ng, Tang and Schucany (2008)",
                partial(statistics.rate_ratio, 60, 51477.5, 30, 54308.7),
                attrgetter("p", "mid_p", "z"),
            ),
            Example(
                "33 in 9 months against 5 in 12",
                (("ratio", "8.80"), *_ends("3.41", "28.88"), ("p", "0.000000042")),
                "By hand, from the binomial distribution",
                partial(statistics.rate_ratio, 33, 9, 5, 12),
                attrgetter("value", "low", "high", "p"),
            ),
        ),
    ),
    Method(
        "Ratios and spread",
        "E-test of equal rates",
        "Could two very small counts come from one rate?",
        "p = probability, with both counts Poisson at the pooled rate, of a standardised difference as large as the one seen.",
        "Krishnamoorthy and Thomson (2004)",
        (
            Example(
                "None in 100 against 3 in 100",
                (("p", "0.088379"),),
                "Krishnamoorthy and Thomson (2004); scipy.stats.poisson_means_test",
                partial(statistics.e_test, 0, 100, 3, 100),
                float,
            ),
        ),
    ),
    Method(
        "Ratios and spread",
        "Spread of changes among forces",
        "How much more do the forces’ changes differ from one another than chance would make them?",
        "φ = X² ÷ (n − 1), at least 1, where X² is Pearson’s chi-square of the table of two periods by n forces.",
        "McCullagh and Nelder (1989), quasi-Poisson",
        (
            Example(
                "762, 327, 468 against 484, 239, 477",
                (("chi-square", "30.07"), ("groups", "3"), ("φ", "15.035")),
                "R, help page of chisq.test, after Agresti (2007); φ by hand, 30.07 ÷ 2",
                partial(statistics.spread, [762, 327, 468], [484, 239, 477]),
                attrgetter("chi_square", "groups", "phi"),
            ),
        ),
    ),
    Method(
        "Ratios and spread",
        "Ratio widened by the spread",
        "Is a change more than chance and the usual spread among forces would give?",
        "exp(log ratio ± 1.96 √(φ (1/a + 1/b))), with φ of all forces for the same pair of periods. No change is called "
        "unusual on the exact interval alone; and an interval is not a bound.",
        "McCullagh and Nelder (1989); the rule is this project’s",
        (
            Example(
                "33 in 9 months against 5 in 12, φ = 2.4",
                (("ratio", "8.80"), *_ends("2.05", "37.78")),
                "By hand: √(2.4 × (1/33 + 1/5)) = 0.7435, and 8.8 divided and multiplied by exp(1.96 × 0.7435)",
                partial(statistics.widened_ratio, 33, 9, 5, 12, phi=2.4),
                _RATIO,
            ),
        ),
    ),
    Method(
        "Funnel",
        "Funnel limits",
        "How far may a force’s rate lie from that of all together by chance alone?",
        "The exact interval around the expected count E, over E: 95% and 99.8%.",
        "Spiegelhalter (2005); drawn as in FunnelPlotR, not as Poisson quantiles",
        (
            _funnel_example(15, 0.95, "0.5596924", "1.649348"),
            _funnel_example(20, 0.95, "0.6108260", "1.544419"),
            _funnel_example(30, 0.95, "0.6746958", "1.427562"),
            _funnel_example(15, 0.998, "0.3862650", "2.082907"),
            _funnel_example(20, 0.998, "0.4479107", "1.902094"),
            _funnel_example(30, 0.998, "0.5289724", "1.702771"),
        ),
    ),
    Method(
        "Funnel",
        "Over-dispersion",
        "How much more do forces differ from what is expected of them than chance allows?",
        "z = 2√E (√(O/E) − 1), drawn in to the quantiles at 10% and 90%; φ = Σz² ÷ n; "
        "τ² = max(0, (nφ − (n − 1)) ÷ (ΣW − ΣW² ÷ ΣW)) with W = 4E.",
        "Spiegelhalter (2005)",
        (
            Example(
                "Observed 100, 150, 180, 80, 120, 225; expected 108, 112, 165, 95, 100, 220",
                (("φ", "2.32718"), ("τ²", "0.0034398")),
                "FunnelPlotR’s formula, worked apart from this library",
                partial(statistics.overdispersion, [100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220]),
                attrgetter("phi", "tau2"),
            ),
        ),
    ),
    Method(
        "Funnel",
        "Limits that allow for the spread",
        "How far may a force’s rate lie from that of all together, given how much forces differ in fact?",
        "max(0, 1 ± z √(1/(4E) + τ²))². Where φ is above 10 no force is named as unlike the others.",
        "Spiegelhalter (2005)",
        (
            Example(
                "100 expected, τ² = 0.02, 99.8% limits",
                _ends("0.288", "2.142"),
                "By hand: 3.0902 × √(0.0025 + 0.02) = 0.4635, and (1 ± 0.4635)² = 0.288 and 2.142",
                partial(statistics.overdispersed_limits, 100, tau2=0.02, confidence=0.998),
                _ENDS,
            ),
        ),
    ),
    Method(
        "Process charts",
        "XmR limits",
        "Within which limits does a stable series keep?",
        "mean ± 2.66 × mean moving range; ranges of 3.267 times their mean or more are left out, once. Fewer than 12 points: on trial. "
        "None where the median is under 5. The charts begin after the first year of a definition.",
        "Shewhart; NHS England, Making Data Count, as in NHSRplotthedots",
        (
            Example(
                "1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1",
                (("mean", "1.94"), *_ends("-0.72", "4.60")),
                "NHSRplotthedots, vignette “deviations”",
                partial(statistics.xmr_limits, _DEVIATIONS),
                _first("centre", "low", "high"),
            ),
            Example(
                "The same, no range left out",
                (("mean", "1.94"), *_ends("-3.06", "6.95")),
                "NHSRplotthedots, vignette “deviations”",
                partial(statistics.xmr_limits, _DEVIATIONS, screened=False),
                _first("centre", "low", "high"),
            ),
        ),
    ),
    Method(
        "Process charts",
        "u-chart limits",
        "Within which limits does a rate keep whose residents or months change from point to point?",
        "mean ± 3 √(mean ÷ exposure), with the mean of all counts over all exposures.",
        "Shewhart; Montgomery, Statistical Quality Control",
        (
            Example(
                "Faults in dyed cloth; limits at the first of ten rolls",
                (("mean", "1.423"), *_ends("0.291", "2.555")),
                "Data of Montgomery; by hand: 153 ÷ 107.5 = 1.423, and 3 × √(1.423 ÷ 10) = 1.132",
                partial(
                    statistics.u_chart_limits,
                    [14, 12, 20, 11, 7, 10, 21, 16, 19, 23],
                    [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5],
                ),
                _first("centre", "low", "high"),
            ),
        ),
    ),
    Method(
        "Process charts",
        "Rules for unusual points",
        "Which quarters are unlike the others, and how often would the rules say so of a series where nothing happens?",
        "Outside the limits; 7 or more in a row on one side of the mean; 7 or more in a row rising, or falling; 2 of 3 in the outer "
        "third. False signals are counted in 10,000 simulated stable series with a fixed seed, each with limits of its own.",
        "NHS England, Making Data Count; the count of false signals is this project’s",
        (
            Example(
                "35 stable quarters of 10 on average: share of series with a signal",
                (("share", "0.32"),),
                "A simulation made apart from this library",
                partial(statistics.expected_false_signals, 35, mean=10),
                attrgetter("share"),
            ),
        ),
    ),
    Method(
        "Seasonality",
        "Season of the quarters",
        "Do the quarters of the year differ, and by how much, so that it can be taken out?",
        "A Poisson model with a level for each year and a factor for each quarter. F = (fall in deviance ÷ 3) ÷ φ, against the F "
        "distribution, with φ the scatter about the model, at least 1. Where p is 0.05 or less, counts are divided by the factors, whose mean is 1.",
        "McCullagh and Nelder (1989)",
        (
            Example(
                "90, 100, 100, 110 in each of three years: the factors",
                (("Q1", "0.9"), ("Q2", "1.0"), ("Q3", "1.0"), ("Q4", "1.1")),
                "By hand: each quarter’s share of the total, times four",
                partial(
                    statistics.quarter_season, [90, 100, 100, 110] * 3, [1] * 4 + [2] * 4 + [3] * 4, [1, 2, 3, 4] * 3
                ),
                attrgetter("factors"),
            ),
            Example(
                "The same: the test",
                (("F", "2.003"), ("φ", "1")),
                "By hand: twice the sum of count × log(count ÷ 100) is 6.010, over 3",
                partial(
                    statistics.quarter_season, [90, 100, 100, 110] * 3, [1] * 4 + [2] * 4 + [3] * 4, [1, 2, 3, 4] * 3
                ),
                attrgetter("f", "phi"),
            ),
        ),
    ),
    Method(
        "Trend",
        "Poisson trend",
        "By what is the level multiplied in a year, on one side of a break?",
        "log(expected count) = a + b × time, by maximum likelihood; standard error × √φ with φ = Pearson’s chi-square ÷ (points − 2), "
        "at least 1, against Student’s t. The season’s factors stand as exposure.",
        "McCullagh and Nelder (1989), quasi-Poisson",
        (
            Example(
                "New AIDS diagnoses in Belgium, 1981 to 1993: logarithm of the yearly ratio",
                (("b", "0.202121"),),
                "R, glm; data of Venables and Ripley",
                partial(statistics.poisson_trend, _BELGIUM, list(range(1, 14))),
                lambda trend: math.log(trend.ratio.value),
            ),
        ),
    ),
    Method(
        "False discovery",
        "Benjamini and Hochberg’s adjustment",
        "When all forces are looked at together, which changes still stand out, if of those named no more than 5% may be chance?",
        "p × tests ÷ place from the smallest, never falling as p rises; a force stands out at 0.05 or less.",
        "Benjamini and Hochberg (1995)",
        (
            Example(
                "Fifteen p-values: how many stand at 5%, and the adjusted value of the fourth",
                (("stand out", "4"), ("fourth", "0.0356")),
                "Benjamini and Hochberg (1995), section 3.2; the fourth by hand, 0.0095 × 15 ÷ 4",
                partial(statistics.benjamini_hochberg, _FIFTEEN),
                lambda adjusted: [(adjusted <= 0.05).sum(), adjusted[3]],
            ),
        ),
    ),
    Method(
        "Places",
        "Range of places",
        "Where among the forces could this one stand, by chance alone?",
        "True rates are gamma with shape count + ½. Given one force’s rate, how many stand above it is a sum of independent yes-or-no "
        "events, whose distribution is exact; it is averaged over 256 values of that rate. The range leaves 2.5% beyond each end. No seed.",
        "After Goldstein and Spiegelhalter (1996), added up and not simulated",
        (
            Example(
                "20 and 9 among equal residents: places of the first",
                _ends("1", "1"),
                "By hand: the first is above with probability 0.980, from the beta distribution, and place 2 has less than 2.5%",
                partial(statistics.place_interval, [20, 9], [1, 1]),
                _first("low", "high"),
            ),
            Example(
                "20 and 10 among equal residents: places of the first",
                _ends("1", "2"),
                "By hand: the first is above with probability 0.967, and place 2 has more than 2.5%",
                partial(statistics.place_interval, [20, 10], [1, 1]),
                _first("low", "high"),
            ),
        ),
    ),
)
