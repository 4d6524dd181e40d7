"""Under gevent, nothing between BEGIN and COMMIT lets another greenlet run: SQLite would then wait for itself."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
from gevent import monkey
monkey.patch_all()
import sys
import gevent
from forum import create_app, db as database
from forum.config import Settings

app = create_app(Settings(env="test", database_url=f"sqlite:///{sys.argv[1]}", secret_key="x" * 40,
                          argon2_memory_kib=64, argon2_time=1, log_level="ERROR"))
switched = []

def watch(event, args):
    open_sessions = list(database.db.session.registry.registry.values())
    if event in ("switch", "throw") and any("deed" in one.info for one in open_sessions):
        switched.append(args)

with app.app_context():
    from flask_migrate import upgrade
    upgrade()
    from tests import factories
    author = factories.make_user("Alice Fern")
    topic = factories.make_topic(author, factories.make_board())
    ids = author.id, topic.id

def write(number):
    with app.app_context():
        from forum.actions.topics import reply_to_topic
        from forum.models import Topic, User
        reply_to_topic(database.db.session.get(User, ids[0]), database.db.session.get(Topic, ids[1]), body=f"Words {number}")
        if sys.argv[2] == "yields":
            @database.action
            def deed():
                gevent.sleep(0)
            deed()

gevent.get_hub()
from greenlet import settrace
settrace(watch)
gevent.joinall([gevent.spawn(write, number) for number in range(12)], raise_error=True)
settrace(None)
with app.app_context():
    from forum.models import Post
    print(len(switched), database.db.session.query(Post).count())
"""


MAIL = """
from gevent import monkey
monkey.patch_all()
import threading
from email.policy import SMTP
import gevent
from forum.config import Settings
from forum.work import mail
from tests.mailing import Postbox

ticks = []

class Slow(Postbox):
    def finish_request(self, request, address):
        gevent.sleep(0.2)
        super().finish_request(request, address)

def tick():
    while True:
        ticks.append(1)
        gevent.sleep(0.01)

with Slow() as box:
    threading.Thread(target=box.serve_forever, daemon=True).start()
    settings = Settings(smtp_url=f"smtp://127.0.0.1:{box.port}?starttls=no", mail_from="post@hearth.example")
    message = mail.EmailMessage(policy=SMTP)
    message.set_content("words")
    ticking = gevent.spawn(tick)
    mail._carry(settings, "k@example.org", message)
    ticking.kill()
    print(len(box.mails), len(ticks))
"""


def test_sending_mail_lets_others_run_while_the_mail_server_thinks():
    """Both sides of the connection live in one patched process: a send that stopped it would never be answered."""
    done = subprocess.run(
        [sys.executable, "-c", MAIL],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    sent, ticks = map(int, done.stdout.split())
    assert sent == 1
    assert ticks >= 10


@pytest.mark.parametrize(("kind", "quiet"), [("writes", True), ("yields", False)])
def test_a_deed_never_yields_and_the_watch_sees_one_that_does(tmp_path, kind, quiet):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "hub.db"), kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    switched, posts = map(int, done.stdout.split())
    assert posts == 13
    assert (switched == 0) is quiet
