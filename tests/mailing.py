"""Mail for tests: a real SMTP server on a port of 127.0.0.1, and a member's mailbox to look into."""

import dataclasses
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from forum import work
from forum.config import Settings

SENDER = "post@hearth.example"


class Postbox(socketserver.ThreadingTCPServer):
    """Takes mail as a server does, and refuses what a test has it refuse: `refuses["RCPT"] = "550 nobody here"`."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.tls, self.refuses, self.heard, self.mails = tls, {}, [], []

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def tries(self) -> int:
        """How often somebody began with a mail."""
        return sum(line.upper().startswith("MAIL ") for line in self.heard)


class _Session(socketserver.StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return  # the other side went away, or did not trust this one
        finally:
            self.rfile.close()
            self.connection.close()

    def _talk(self) -> None:
        self._say(self.server.refuses.get("CONNECT", "220 here"))
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            self.server.heard.append(line)
            verb = line.split(":")[0].split()[0].upper()
            if verb in self.server.refuses:
                self._say(self.server.refuses[verb])
            else:
                getattr(self, f"_{verb.lower()}", self._ok)(line)
            if verb == "QUIT":
                return

    def _ehlo(self, _line: str) -> None:
        offers = ["AUTH PLAIN", *(["STARTTLS"] if self.server.tls else [])]
        self._say("\r\n".join(f"250-{one}" for one in ["here", *offers]) + "\r\n250 SIZE")

    def _starttls(self, _line: str) -> None:
        self._say("220 go on")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _auth(self, _line: str) -> None:
        self._say("235 welcome")

    def _rcpt(self, line: str) -> None:
        self.to = line.partition("<")[2].partition(">")[0]
        self._ok(line)

    def _data(self, _line: str) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.mails.append((self.to, message_from_bytes(b"".join(lines), policy=default)))
        self._say(self.server.refuses.get("TAKEN", "250 taken"))

    def _quit(self, _line: str) -> None:
        self._say("221 bye")

    def _ok(self, _line: str) -> None:
        self._say("250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def open_postbox(tls: ssl.SSLContext | None = None) -> Iterator[Postbox]:
    with Postbox(tls) as box:
        serving = threading.Thread(target=box.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield box
        finally:
            box.shutdown()
            serving.join()


@dataclasses.dataclass
class Mailbox:
    """What the house has mailed, as files in a folder."""

    settings: Settings
    folder: Path

    def fetch(self) -> list[EmailMessage]:
        """Have the worker do all that is due; what it mailed, which is then gone from here."""
        while work.work_once(self.settings, "the postman"):
            pass
        return self.laid_down()

    def laid_down(self) -> list[EmailMessage]:
        """What lies in the folder, which is then gone from there."""
        found = sorted(self.folder.glob("*.eml")) if self.folder.exists() else []
        mails = [message_from_bytes(path.read_bytes(), policy=default) for path in found]
        for path in found:
            path.unlink()
        return mails

    def links(self) -> list[str]:
        """The paths of the links in what was mailed since the last look."""
        return [link for mail in self.fetch() for link in links_in(mail)]


def links_in(mail: EmailMessage) -> list[str]:
    return re.findall(r"http://localhost:5000(/\S+/[0-9a-f]{64})", mail.get_content())


def token_in(link: str) -> str:
    return link.rsplit("/", 1)[1]
