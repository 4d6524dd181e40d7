"""The time zones that a member can choose: the places of the world’s list, without its technical and former names."""

from collections.abc import Mapping
from itertools import groupby
from zoneinfo import available_timezones

REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)  # fmt: skip

ZONES: tuple[str, ...] = tuple(
    sorted({"UTC", *(name for name in available_timezones() if name.partition("/")[0] in REGIONS)})
)


def places() -> Mapping[str, list[tuple[str, str]]]:
    """The zones by region, each with its name for people: {"Europe": [("Europe/London", "London")]}."""
    return {
        region: [
            (zone, zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone) for zone in zones
        ]
        for region, zones in groupby(ZONES, key=lambda zone: zone.partition("/")[0])
    }
