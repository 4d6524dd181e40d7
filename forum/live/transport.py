"""What the stock transport needs to be told: no waiting for small packets, no compression a frame, and what a page says."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

from flask_socketio import SocketIO
from socketio.packet import BINARY_ACK, BINARY_EVENT, EVENT, Packet

from forum.live.events import SENT


def tune(socketio: SocketIO) -> None:
    """Make every WebSocket of this server send at once and uncompressed, and hear the events of our pages alone.

    Without TCP_NODELAY an emit followed by an ack waits 44 ms; permessage-deflate doubles memory and halves the rate.
    """
    server: Any = socketio.server  # type: ignore[attr-defined]
    server.packet_class = OfOurPages
    server.eio._async = {**server.eio._async, "websocket": _plain(server.eio._async["websocket"])}


class OfOurPages(Packet):
    """A packet that is refused unless it holds an event that a page of ours sends.

    The stock server takes “connect” and “disconnect” for events like any other. A page that sent the second was
    forgotten here, while its socket still heard its rooms, after it was signed out too. Bytes are taken in without an
    end by the stock server, and no event of ours has any.
    """

    def decode(self, encoded_packet: Any) -> Any:
        attachments = super().decode(encoded_packet)
        if self.packet_type in (BINARY_EVENT, BINARY_ACK) or (
            self.packet_type == EVENT and not self._is_known
        ):
            raise ValueError("This is no event of a page of ours.")
        return attachments

    @property
    def _is_known(self) -> bool:
        return isinstance(self.data, list) and any(self.data[:1] == [event] for event in SENT)


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
