"""Whole numbers as they come in addresses and forms, none larger than a column of ours holds."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class Id(IntegerConverter):
    """An id in an address. A larger number names nothing, so it is not found."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Id


def whole(raw: str) -> int:
    """For `args.get(name, type=whole)`: the number, or ValueError, upon which the default holds."""
    if not (raw.isascii() and raw.isdigit()) or int(raw) > LARGEST:
        raise ValueError(raw)
    return int(raw)
