from gevent import monkey

monkey.patch_all()  # before anything imports psycopg: it decides then how it waits

# One worker on one event loop: a room's people meet in one process.
import os  # noqa: E402

from gunicorn.workers.base import Worker  # noqa: E402

bind = f"127.0.0.1:{os.environ.get('PORT', '5000')}"
worker_class = "gevent"
workers = 1
worker_connections = 20000
max_requests = 0
graceful_timeout = 10
preload_app = False
accesslog = None
loglevel = "warning"
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """Refuse to serve if one waiting query would hold up everybody: psycopg's C wait does not yield.

    So is a production site with demo accounts. Then begin with what recurs.
    """
    import psycopg

    from forum import work
    from forum.config import SettingError
    from wsgi import did_not_start

    if psycopg.waiting.wait.__name__ == "wait_c":
        raise RuntimeError("psycopg was imported before gevent patched the process; start with this file")
    app = worker.app.wsgi()
    try:
        work.check_members(app)
    except SettingError as problem:
        did_not_start(problem)
    work.start(app, lambda: worker.alive)


def worker_exit(_server: object, worker: Worker) -> None:
    """What the house is doing by itself is finished, not cut off; where it did not start, there is nothing to finish."""
    if (app := worker.app.callable) is not None:
        from forum import work

        work.stop(app)
