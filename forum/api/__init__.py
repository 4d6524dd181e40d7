"""The JSON routes, under /api/v1: the same deeds as the pages, for programs that a member or a moderator runs.

`calls.py` says what a route is made of; there is one module a noun; `document.py` tells all of it as OpenAPI.
"""

from flask import Flask

from forum.extensions import csrf

PREFIX = "/api/v1"


def init_app(app: Flask) -> None:
    """Every route and the documents of them."""
    from forum.api import (
        account,
        boards,
        cases,
        documents,
        drafts,
        planned,
        posts,
        profile,
        reports,
        rooms,
        strategies,
        topics,
        watching,
    )

    modules = (
        boards, topics, posts, drafts, planned, rooms, strategies, reports, cases, account, profile,
        watching,
    )  # fmt: skip
    nouns = [module.api for module in modules]
    for noun in nouns:
        # Their own check is in signing.py: a key needs no page, and a cookie needs the page's token.
        csrf.exempt(noun)
        app.register_blueprint(noun, url_prefix=PREFIX)
    documents.init_app(app, [call for noun in nouns for call in noun.calls])
