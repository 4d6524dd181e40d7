"""Hearth. `create_app` is the table of contents."""

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from forum import config
from forum.config import Settings

ROOT = Path(__file__).parent.parent
WORD_BYTES = 256 * 1024
"""No request of ours is longer; what is, is refused before it is read."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings, or for those of the environment."""
    settings = settings or config.read()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.extensions["hearth"] = settings
    app.config.update(_flask_config(settings))
    if settings.proxies:
        # Address, scheme and host are what our proxies write anew; any other header of the kind is the visitor's own.
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # type: ignore[method-assign]

    from forum import api, cli, logs, sockets, web, work

    logs.set_up(settings)
    _set_up_extensions(app, settings)
    _tell_aims(settings)
    web.init_app(app)
    api.init_app(app)
    sockets.init_app(app)
    cli.init_app(app)
    work.init_app(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key or "for development and tests only",
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": _absolute(settings.database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "SESSION_COOKIE_NAME": settings.cookie("hearth"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "PERMANENT_SESSION_LIFETIME": settings.session_days * 86_400,
        "MAX_CONTENT_LENGTH": WORD_BYTES,
        "MAX_FORM_MEMORY_SIZE": WORD_BYTES,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_https,
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://", 1) or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(settings.redis_url),
        "RATELIMIT_DEFAULT": "600 per minute",
        "RATELIMIT_ENABLED": settings.env != "test",
    }


def _absolute(url: str) -> str:
    """A relative SQLite path is meant from the project's folder, wherever the process was started."""
    path = url.removeprefix("sqlite:///")
    if path == url or path.startswith(("/", ":")):
        return url
    return f"sqlite:///{ROOT / path}"


def _data_dir(settings: Settings) -> Path:
    """Where the house keeps its own file: where it is told to, or beside the database that is a file too."""
    path = _absolute(settings.database_url).removeprefix("sqlite:///")
    beside = Path(path).parent if settings.is_sqlite and path.startswith("/") else ROOT / "instance"
    return Path(settings.data_dir) if settings.data_dir else beside


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.is_sqlite:
        return {"connect_args": {"check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 5}


def _set_up_extensions(app: Flask, settings: Settings) -> None:
    from forum import housefile, limits, mail, passkeys, passwords, sealing
    from forum.db import db, prepare
    from forum.extensions import csrf, limiter, login_manager, migrate, socketio
    from forum.models import Guest

    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    # A question to Redis inside a deed would let others run; SQLite, which one process has to itself, must not wait.
    limits.limits.use("" if settings.is_sqlite else settings.redis_url)
    passwords.use(
        memory_kib=settings.argon2_memory_kib, passes=settings.argon2_time, house=settings.site_name
    )
    mail.use(is_set_up=settings.sends_mail)
    housefile.use(_data_dir(settings))
    passkeys.use(base_url=settings.base_url, name=settings.site_name)
    sealing.use([app.config["SECRET_KEY"], *settings.secret_key_fallbacks])
    # Its own context processor would look the session up for each page, also for those that must not ask.
    login_manager.init_app(app, add_context_processor=False)
    login_manager.session_protection = None
    login_manager.anonymous_user = Guest
    socketio.init_app(app, **_socket_options(settings))


def _tell_aims(settings: Settings) -> None:
    """The domain knows no Flask, so what an operator chose for rooms and cases is told to it here."""
    from forum.actions import cases, messages
    from forum.models import User, keep_time_in

    User.staff_needs_second_step = settings.staff_second_factor
    cases.keep_to(settings)
    messages.keep_to(settings)
    keep_time_in(settings.timezone)


def _socket_options(settings: Settings) -> dict[str, Any]:
    return {
        "async_mode": _async_mode(),
        "transports": ["websocket"],
        "allow_upgrades": False,
        "manage_session": False,
        "async_handlers": False,
        "cors_allowed_origins": [settings.base_url],
        "ping_interval": 10,
        "ping_timeout": 10,
        "max_http_buffer_size": 64 * 1024,
    }


def _async_mode() -> str:
    """gevent where the server has patched the process, threads in tests and on the command line."""
    from gevent.monkey import is_module_patched

    return "gevent" if is_module_patched("socket") else "threading"
