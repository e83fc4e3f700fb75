"""The registers of offences and breaks against the figures themselves; nothing here is computed by the library."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml

RAW = Path(__file__).parents[2] / "data" / "raw"
LOCKDOWNS = ("2020/21 Q1", "2020/21 Q2", "2020/21 Q3", "2020/21 Q4", "2021/22 Q1")
NEAR = 2  # quarters between a step in the figures and the entry that explains it
FEW, LATE = 20, 0.15  # offences a year of which an end can be seen; what may still be recorded under a code that ended
# A step is a change of more than 40% and at least 200 offences from four quarters to the next four.
STEP, LEAST = 0.4, 200


def read(name: str) -> Any:
    return yaml.load((RAW / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def figures() -> tuple[list[str], dict[str, list[list[int | None]]]]:
    """Return the quarters, and the rows of every code: a body's counts, None where the table is blank."""
    with (RAW / "offences_2026-04-23.csv").open(encoding="utf-8", newline="") as file:
        (_, _, *quarters), *rows = csv.reader(file)
    codes: dict[str, list[list[int | None]]] = {}
    for code, _, *cells in rows:
        codes.setdefault(code, []).append([int(cell) if cell else None for cell in cells])
    return quarters, codes


QUARTERS, ROWS = figures()
BREAKS = read("breaks.yaml")
OFFENCES = read("offences.yaml")
ENTRIES = BREAKS["entries"]
CODES = {entry["code"]: entry for entry in OFFENCES["offences"]}
UNIONS = {entry["code"]: entry for entry in OFFENCES["groups"] + OFFENCES["families"]}
# What an entry names, with its members, unless only what names it breaks it: a break of the total is none of each code.
SEEN = {"all", *CODES, *(union for union, entry in UNIONS.items() if "own_breaks" not in entry)}
COUNTED = [code for code, entry in CODES.items() if "outcomes_only" not in entry and "part_of" not in entry]


def totals(code: str) -> list[int | None]:
    """Return a code's total in each quarter, None where every body is blank."""
    found: list[int | None] = []
    for column in zip(*ROWS[code], strict=True):
        counts = [cell for cell in column if cell is not None]
        found.append(sum(counts) if counts else None)
    return found


TOTALS = {code: totals(code) for code in ROWS}


def members(name: str) -> set[str]:
    """Return the codes that a code, a group or a family is."""
    if name not in UNIONS:
        return {name}
    listed, groups = UNIONS[name].get("codes"), set(UNIONS[name].get("of", [name]))
    return set(listed or (c for c, entry in CODES.items() if groups & {entry.get("group"), entry.get("subgroup")}))


def year(counts: list[int | None], start: int) -> int | None:
    window = counts[start : start + 4] if start >= 0 else []
    return sum(n for n in window if n is not None) if len(window) == 4 and None not in window else None


def births() -> list[tuple[str, str]]:
    """Codes that begin after the tables do, with their first quarter."""
    first = {code: next((i for i, n in enumerate(TOTALS[code]) if n is not None), 0) for code in COUNTED}
    return [(code, QUARTERS[i]) for code, i in first.items() if i]


def ends() -> list[tuple[str, str]]:
    """Codes with the first quarter from which on they are blank, or never reach a share of the year before again."""
    found = []
    for code in COUNTED:
        counts = TOTALS[code]
        for i in range(4, len(counts)):
            before = year(counts, i - 4)
            blank = all(n is None for n in counts[i:])
            if before is not None and (blank or (before >= FEW and trails_off(counts, i, before))):
                found.append((code, QUARTERS[i]))
                break
    return found


def trails_off(counts: list[int | None], start: int, before: int) -> bool:
    """Whether no quarter from a place on holds more than the late records and corrections of a code that ended."""
    most = max(n or 0 for n in counts[start:])
    return most == 0 or (len(counts) - start >= 4 and most < LATE * before / 4)


def steps() -> list[tuple[str, str]]:
    """Codes, groups and families with the quarters of their steps: local peaks, outside the lockdowns."""
    found = []
    for name in (*COUNTED, *(union for union in UNIONS if "last" not in UNIONS[union])):
        counts = total(name)
        pairs = [(year(counts, i - 4), year(counts, i)) for i in range(len(QUARTERS))]
        # As a ratio that is the same for a rise and for the fall that undoes it.
        size = [max(a, b) / max(min(a, b), 1) if a is not None and b is not None else 0 for a, b in pairs]
        for i, (before, after) in enumerate(pairs):
            if before is None or after is None or abs(after - before) < LEAST or abs(after - before) <= STEP * before:
                continue
            if size[i] >= max(size[max(i - 1, 0) : i + 2]) and QUARTERS[i] not in LOCKDOWNS:
                found.append((name, QUARTERS[i]))
    return found


def total(name: str) -> list[int | None]:
    """Return the totals of a code, or of a group or family while it is counted."""
    if name in CODES:
        return TOTALS[name]
    columns = zip(*(TOTALS[code] for code in members(name) if code in COUNTED), strict=True)
    first = QUARTERS.index(UNIONS[name]["first"])
    return [None if i < first else sum(n or 0 for n in column) for i, column in enumerate(columns)]


def quarter_of(day: date) -> int:
    """Return the place in the tables of the quarter that holds a day."""
    months = (day.year - 2012) * 12 + day.month - 4
    return months // 3


def explained(name: str, quarter: str, near: int, fields: tuple[str, ...]) -> bool:
    """Whether an entry that names it, a part of it or a union of it has its day at most so many quarters away."""
    place = QUARTERS.index(quarter)
    return any(
        abs(quarter_of(entry["day"]) - place) <= near
        and name not in entry.get("whole", ())
        and not entry.get("releases")
        and any(
            members(name) & members(named)
            for field in fields
            for named in entry.get(field, ())
            if named in {name, *SEEN}
        )
        for entry in ENTRIES
    )


def listed(kind: str) -> set[tuple[str, str]]:
    """Return the codes and quarters that the register owns up to not explaining."""
    return {(entry["code"], entry["quarter"]) for entry in BREAKS["unexplained"] if entry["kind"] == kind}


def test_every_code_of_the_tables_is_described_once() -> None:
    names = [entry["code"] for entry in OFFENCES["offences"]]
    assert len(names) == len(set(names))
    assert [name for name in names if "part_of" not in CODES[name]] == list(ROWS)
    assert len(ROWS) == 190
    assert not set(CODES) & set(UNIONS)


def test_every_birth_in_the_figures_is_a_break_of_that_quarter() -> None:
    assert {birth for birth in births() if not explained(*birth, 0, ("breaks",))} == listed("birth")


def test_every_end_in_the_figures_is_a_break_of_that_quarter() -> None:
    assert {end for end in ends() if not explained(*end, 0, ("breaks",))} == listed("end")


def test_every_step_in_the_figures_is_explained_or_owned_up_to() -> None:
    assert len(steps()) > 80  # the test sees something
    found = set(steps())
    assert {step for step in found if not explained(*step, NEAR, ("breaks", "cautions"))} <= listed("step")
    for name, quarter in listed("step") - found:  # beside a larger one, and a step all the same
        place = QUARTERS.index(quarter)
        before, after = year(total(name), place - 4), year(total(name), place)
        if after is None:  # too new for a year of it
            after = 4 * total(name)[place]
        assert abs(after - before) > max(STEP * before, LEAST), (name, quarter)


def test_the_first_and_last_quarters_agree_with_the_figures() -> None:
    begun, ended = dict(births()), dict(ends())
    for code in COUNTED:
        assert CODES[code]["first"] == begun.get(code, QUARTERS[0]), code
        last = CODES[code].get("last")
        if ended.get(code, QUARTERS[-1]) == QUARTERS[-1]:  # the newest quarter may just not be in the release yet
            assert last is None, code
        else:
            assert last is not None, code
            assert QUARTERS.index(last) + 1 == QUARTERS.index(ended[code]), code


def test_a_union_is_counted_while_its_members_are() -> None:
    for name, union in UNIONS.items():
        counted = [CODES[code] for code in members(name) if code in COUNTED]
        if not union.get("national"):
            counted = [entry for entry in counted if "national" not in entry]
        assert counted, name
        firsts = {entry["first"] for entry in counted}
        # A family that is whole only once a member has begun says so by beginning with it.
        assert union["first"] in firsts, name
        assert union["first"] == min(firsts) or union["limits"], name
        lasts = [entry.get("last") for entry in counted]
        assert union.get("last") == (None if None in lasts else max(lasts)), name


def test_codes_for_outcomes_alone_were_never_counted() -> None:
    outcomes_only = [code for code, entry in CODES.items() if entry.get("outcomes_only")]
    assert len(outcomes_only) == 30
    for code in outcomes_only:
        cells = [cell for row in ROWS[code] for cell in row if cell]
        assert cells in ([], [1, -1]), code  # 65 has one offence, taken back two quarters later
    assert [code for code in COUNTED if not any(TOTALS[code])] == []


def test_codes_of_fraud_bodies_alone_are_national() -> None:
    assert {code for code, entry in CODES.items() if entry.get("national")} == {"AF", "CIFAS", "FFA UK", "UK Finance"}


def test_offences_name_only_what_there_is() -> None:
    known = set(CODES) | set(UNIONS)
    for entry in (*OFFENCES["offences"], *OFFENCES["groups"], *OFFENCES["families"]):
        name = entry["code"]
        named = [*entry.get("context", ()), *entry.get("codes", ())]
        named += [entry[key] for key in ("group", "subgroup", "part_of") if key in entry]
        assert set(named) <= known - {name}, name
        assert len(set(named)) >= len(entry.get("codes", ())), name
        assert set(entry.get("helplines", ())) <= set(OFFENCES["helplines"]), name


def test_no_word_stands_for_two_offences() -> None:
    words: dict[str, str] = {}
    for entry in (*OFFENCES["offences"], *OFFENCES["groups"], *OFFENCES["families"]):
        if entry.get("outcomes_only"):
            continue
        name = entry["code"]
        own = {word.casefold().replace("-", " ") for word in (name, entry["name"], *entry.get("aliases", ()))}
        for word in own:
            assert words.setdefault(word, name) == name, word


def test_a_subgroup_that_is_a_family_has_its_codes() -> None:
    for name in {entry["subgroup"] for entry in CODES.values() if "subgroup" in entry} & set(UNIONS):
        listed_codes = UNIONS[name].get("codes")
        if listed_codes:
            assert set(listed_codes) == {code for code in COUNTED if CODES[code].get("subgroup") == name}, name


def test_entries_name_only_what_there_is() -> None:
    known = set(CODES) | set(UNIONS) | {entry["code"] for entry in OFFENCES["apart"]} | {"all"}
    with (RAW / "offences_2026-04-23.csv").open(encoding="utf-8", newline="") as file:
        forces = {row["force"] for row in csv.DictReader(file)}
    for entry in ENTRIES:
        assert set(entry["sources"]) <= set(BREAKS["sources"]), entry["id"]
        assert set(entry.get("forces", ())) <= forces, entry["id"]
        assert entry.get("breaks") or entry.get("cautions"), entry["id"]
        assert entry.get("until", entry["day"]) >= entry["day"], entry["id"]
        for field in ("breaks", "cautions", "whole"):
            assert set(entry.get(field, ())) <= known, entry["id"]
        assert set(entry.get("whole", ())) <= set(UNIONS), entry["id"]
        assert not set(entry.get("breaks", ())) & set(entry.get("cautions", ())), entry["id"]
    ids = [entry["id"] for entry in ENTRIES]
    assert len(ids) == len(set(ids))
    assert set(BREAKS["sources"]) == {source for entry in ENTRIES for source in entry["sources"]}


def test_what_was_not_read_is_not_cited() -> None:
    for entry in ENTRIES:
        assert entry["verified"] in {"text", "text2", "data"}, entry["id"]
        assert entry["read"], entry["id"]
        if entry["verified"] == "data" and not entry["sources"]:
            assert "not found" in entry["what"] or entry["kind"] == "supply", entry["id"]
        if entry["verified"] != "data":
            assert entry["sources"], entry["id"]


def test_reviewed_offences_say_from_when_to_when() -> None:
    found = {name: entry for name, entry in {**CODES, **UNIONS}.items() if "reviewed" in entry}
    assert {"88A", "sexual-offences", "rape", "homicide", "burglary", "robbery", "8Q", "46"} <= set(found)
    assert {name for name, entry in found.items() if entry["reviewed"]["start"] != entry["first"]} == {"104"}
    for name, entry in found.items():
        reviewed = entry["reviewed"]
        assert entry["first"] <= reviewed["start"] < reviewed["through"] == QUARTERS[-1], name
        assert date(2026, 11, 25) <= reviewed[True] <= date(2026, 12, 1), name  # YAML 1.1 reads a bare `on` as true
