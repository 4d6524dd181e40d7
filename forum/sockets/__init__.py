"""The events of a browser's socket. A handler parses, looks up, acts and answers; it decides nothing."""

from flask import Flask

from forum.extensions import socketio
from forum.live import transport


def init_app(app: Flask) -> None:
    """Every event, on a transport made for short messages."""
    from forum.sockets import connecting, doorbells, rooms, talk  # noqa: F401

    for module in (connecting, rooms, talk, doorbells):
        module.register(socketio)
    transport.tune(socketio)
