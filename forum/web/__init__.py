"""The pages. A view parses, looks up, acts and answers; it decides nothing."""

from flask import Flask

from forum.web import context, errors, filters, numbers, safety, signing


def init_app(app: Flask) -> None:
    """Every page, what goes around every page, and how a refusal looks."""
    from forum.web import (
        accounts,
        agreements,
        boards,
        drafts,
        factors,
        feeds,
        guides,
        help,
        home,
        house,
        jobs,
        joining,
        kindness,
        leaving,
        members,
        moderation,
        notifications,
        pages,
        planned,
        plans,
        profile,
        reports,
        rooms,
        settings,
        statements,
        strategies,
        topics,
        watching,
    )

    numbers.init_app(app)
    safety.init_app(app)
    signing.init_app(app)
    filters.register(app, app.extensions["hearth"].timezone)
    context.init_app(app)
    errors.init_app(app)
    modules = (
        home, help, pages, accounts, factors, settings, boards, topics, drafts, planned, notifications, rooms,
        members, reports, statements, moderation, jobs, joining, leaving, agreements, profile, strategies, plans,
        guides, house, watching, kindness, feeds,
    )  # fmt: skip
    for module in modules:
        app.register_blueprint(module.bp)
