"""What the stock WebSocket transport needs to be told: no waiting for small packets, and no compression a frame."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

from flask_socketio import SocketIO


def tune(socketio: SocketIO) -> None:
    """Make every WebSocket of this server send at once and uncompressed.

    Without TCP_NODELAY an emit followed by an ack waits 44 ms; permessage-deflate doubles memory and halves the rate.
    """
    engine = socketio.server.eio  # type: ignore[attr-defined]
    engine._async = {**engine._async, "websocket": _plain(engine._async["websocket"])}


def _plain(stock: type) -> type:
    class PlainWebSocket(stock):
        """The stock transport, set up for short messages."""

        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            _send_at_once(environ.get("gunicorn.socket") or environ.get("werkzeug.socket"))
            return super().__call__(environ, start_response)

    return PlainWebSocket


def _send_at_once(connection: Any) -> None:
    if connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
