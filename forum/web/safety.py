"""What goes around every answer: the one list of headers, request ids, and no copies of private pages."""

import secrets
import time
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.routing import RequestRedirect

from forum.config import Settings

log = structlog.get_logger("forum.requests")


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["hearth"]
    headers = _headers(settings)
    app.before_request(_begin)

    @app.after_request
    def finish(response: Response) -> Response:
        response = _kept_here(response)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        _tell(response)
        return response


def _headers(settings: Settings) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self'",
        "object-src": "'none'",
        "connect-src": f"'self' {settings.socket_origin}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "hearth",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=(), interest-cohort=()",
    }
    if settings.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def _kept_here(response: Response) -> Response:
    """An address with two slashes is led on to one with one, under whatever host the request named: a path stays here."""
    if not isinstance(request.routing_exception, RequestRedirect):
        return response
    leads_to = urlsplit(request.routing_exception.new_url)._replace(scheme="", netloc="")
    return current_app.make_response(redirect(leads_to.geturl(), response.status_code))


def _begin() -> None:
    g.request_id, g.began = secrets.token_hex(8), time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _tell(response: Response) -> None:
    """One line a request: the route's name, never the path, which may carry what somebody searched for. Whose it was is
    told of what was refused alone, as a number: nobody's evenings are to be read from it."""
    took = round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None
    whose = {"member": g.member} if response.status_code >= 400 and "member" in g else {}
    log.info(
        "answered",
        route=request.endpoint,
        method=request.method,
        status=response.status_code,
        ms=took,
        **whose,
    )
