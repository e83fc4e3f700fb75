"""The tile map of forces against the real map."""

from __future__ import annotations

from itertools import combinations

import pytest

from analysis.terms.areas import FORCES, NAMES, Force, find

# Which forces' areas share a border on land, each border written once. Estuaries do not count, so that neither Kent
# and Essex nor Gwent and Avon and Somerset nor Merseyside and North Wales are neighbours.
BORDERS = {
    "Avon and Somerset": ["Devon and Cornwall", "Dorset", "Gloucestershire", "Wiltshire"],
    "Bedfordshire": ["Cambridgeshire", "Hertfordshire", "Northamptonshire", "Thames Valley"],
    "Cambridgeshire": ["Essex", "Hertfordshire", "Lincolnshire", "Norfolk", "Northamptonshire", "Suffolk"],
    "Cheshire": ["Derbyshire", "Greater Manchester", "Merseyside", "North Wales", "Staffordshire", "West Mercia"],
    "City of London": ["Metropolitan Police"],
    "Cleveland": ["Durham", "North Yorkshire"],
    "Cumbria": ["Durham", "Lancashire", "North Yorkshire", "Northumbria"],
    "Derbyshire": [
        "Greater Manchester",
        "Leicestershire",
        "Nottinghamshire",
        "South Yorkshire",
        "Staffordshire",
        "West Yorkshire",
    ],
    "Devon and Cornwall": ["Dorset"],
    "Dorset": ["Hampshire", "Wiltshire"],
    "Durham": ["North Yorkshire", "Northumbria"],
    "Dyfed-Powys": ["Gwent", "North Wales", "South Wales", "West Mercia"],
    "Essex": ["Hertfordshire", "Metropolitan Police", "Suffolk"],
    "Gloucestershire": ["Gwent", "Thames Valley", "Warwickshire", "West Mercia", "Wiltshire"],
    "Greater Manchester": ["Lancashire", "Merseyside", "West Yorkshire"],
    "Gwent": ["South Wales", "West Mercia"],
    "Hampshire": ["Surrey", "Sussex", "Thames Valley", "Wiltshire"],
    "Hertfordshire": ["Metropolitan Police", "Thames Valley"],
    "Humberside": ["Lincolnshire", "North Yorkshire", "Nottinghamshire", "South Yorkshire"],
    "Kent": ["Metropolitan Police", "Surrey", "Sussex"],
    "Lancashire": ["Merseyside", "North Yorkshire", "West Yorkshire"],
    "Leicestershire": ["Lincolnshire", "Northamptonshire", "Nottinghamshire", "Staffordshire", "Warwickshire"],
    "Lincolnshire": ["Norfolk", "Northamptonshire", "Nottinghamshire"],
    "Metropolitan Police": ["Surrey", "Thames Valley"],
    "Norfolk": ["Suffolk"],
    "North Wales": ["West Mercia"],
    "North Yorkshire": ["South Yorkshire", "West Yorkshire"],
    "Northamptonshire": ["Thames Valley", "Warwickshire"],
    "Nottinghamshire": ["South Yorkshire"],
    "South Yorkshire": ["West Yorkshire"],
    "Staffordshire": ["Warwickshire", "West Mercia", "West Midlands"],
    "Surrey": ["Sussex", "Thames Valley"],
    "Thames Valley": ["Warwickshire", "Wiltshire"],
    "Warwickshire": ["West Mercia", "West Midlands"],
    "West Mercia": ["West Midlands"],
}
PAIRS = {frozenset((force, other)) for force, others in BORDERS.items() for other in others}
ON_THE_MAP = [force for force in FORCES if force.tile is not None]


def touch(one: Force, other: Force) -> bool:
    """Say whether two tiles share a side or a corner."""
    assert one.tile is not None
    assert other.tile is not None
    return max(abs(one.tile[0] - other.tile[0]), abs(one.tile[1] - other.tile[1])) == 1


def test_the_list_of_borders_is_whole() -> None:
    assert sum(map(len, BORDERS.values())) == len(PAIRS)  # none written twice
    assert {name for pair in PAIRS for name in pair} == set(NAMES) - {"British Transport Police"}


def test_43_forces_have_a_tile_each_and_british_transport_police_stands_apart() -> None:
    assert {force.name for force in FORCES if force.tile is None} == {"British Transport Police"}
    assert len({force.tile for force in ON_THE_MAP}) == 43


@pytest.mark.parametrize("force", ON_THE_MAP, ids=lambda force: force.slug)
def test_each_tile_touches_that_of_a_real_neighbour(force: Force) -> None:
    neighbours = [find(name) for pair in PAIRS if force.name in pair for name in pair - {force.name}]
    assert any(touch(force, neighbour) for neighbour in neighbours)


def test_most_real_borders_touch_on_the_map() -> None:
    kept = [pair for pair in PAIRS if touch(*map(find, pair))]
    assert len(kept) / len(PAIRS) > 0.8


def test_most_tiles_that_share_a_side_are_real_neighbours() -> None:
    sides = [
        frozenset((one.name, other.name))
        for one, other in combinations(ON_THE_MAP, 2)
        if abs(one.tile[0] - other.tile[0]) + abs(one.tile[1] - other.tile[1]) == 1  # type: ignore[index]
    ]
    assert len(PAIRS & set(sides)) / len(sides) > 0.75


@pytest.mark.parametrize(
    ("north", "south"),
    [("Northumbria", "Kent"), ("Cumbria", "North Wales"), ("Humberside", "Essex"), ("West Midlands", "Dorset")],
)
def test_north_is_up(north: str, south: str) -> None:
    assert find(north).tile[0] < find(south).tile[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("west", "east"),
    [
        ("Devon and Cornwall", "Kent"),
        ("Dyfed-Powys", "Norfolk"),
        ("Merseyside", "Humberside"),
        ("Cumbria", "Cleveland"),
    ],
)
def test_west_is_left(west: str, east: str) -> None:
    assert find(west).tile[1] < find(east).tile[1]  # type: ignore[index]
