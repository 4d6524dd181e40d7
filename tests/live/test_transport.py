"""What the stock transport is told about each WebSocket before it takes it over."""

import socket

import pytest
from wsproto.utilities import RemoteProtocolError

from forum.extensions import socketio

pytestmark = pytest.mark.once


def test_a_web_socket_sends_at_once_and_uncompressed(site):
    transport = socketio.server.eio._async["websocket"]
    environ = {"HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate"}
    with socket.socket() as connection:
        environ["gunicorn.socket"] = connection
        # It is set up before the handshake is read, and this is none.
        with pytest.raises(RemoteProtocolError):
            transport(lambda _ws: None, socketio.server.eio)(environ, lambda *_told: None)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert "HTTP_SEC_WEBSOCKET_EXTENSIONS" not in environ
