"""New versions of the agreement. None is ever changed: what people agreed to stays as they read it."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from forum import modlog
from forum.agreement import MARK, Rule, rules_in
from forum.db import action, db
from forum.errors import Conflict, Invalid, collected
from forum.models import Actor, Agreement
from forum.policy.agreements import can_publish_agreement
from forum.policy.core import require
from forum.queries.agreements import agreement_now
from forum.text import clean_line
from forum.words import from_staff

LINES_LIMIT = 10_000
"""In bytes, all lines together."""
MOST_LINES = 30
TITLE_LIMIT = 80
CHANGED_LIMIT = 300
MEANWHILE = "Somebody published another version while you were writing. Your words are still here; please look at it first."


def read_agreement(actor: Actor, *, lines: Any, changed: Any, **_given: Any) -> dict[str, Any]:
    """The lines of a version and what is new in it, tidied; Invalid says everything that stands in the way."""
    require(can_publish_agreement(actor))
    fields: dict[str, str] = {}
    written = collected(fields, _lines, lines)
    new = collected(fields, _changed, changed)
    if fields:
        raise Invalid(fields=fields)
    return {"lines": written, "changed": new}


@action(words=read_agreement)
def publish_agreement(actor: Actor, *, lines: Any, changed: Any, before: int) -> Agreement:
    """Have a new version hold from now on, in the place of the one with the number `before`.

    Members read on, and are asked before they next write. What was decided keeps pointing at the version of its day.
    """
    require(can_publish_agreement(actor))
    if agreement_now().version != before:
        raise Conflict(MEANWHILE)
    version = Agreement(version=before + 1, lines=lines, changed=changed, published_by_id=actor.id)
    try:
        with db.session.begin_nested():
            db.session.add(version)
            db.session.flush()
    except IntegrityError as meanwhile:
        raise Conflict(MEANWHILE) from meanwhile
    modlog.write(
        actor, "agreement_published", subject=f"agreement:{version.version}", words={"changed": changed}
    )
    return version


def _lines(raw: Any) -> str:
    source = from_staff(raw, limit=LINES_LIMIT, field="lines").source
    try:
        rules = rules_in(source)
    except ValueError as odd:
        raise Invalid(
            fields={
                "lines": f"Each line is a title, a colon and what it says. This one is not: “{str(odd)[:80]}”."
            }
        ) from odd
    _check_size(rules)
    return "\n".join(f"{rule.title}{MARK}{rule.text}" for rule in rules)


def _check_size(rules: tuple[Rule, ...]) -> None:
    if len(rules) > MOST_LINES:
        raise Invalid(fields={"lines": f"{len(rules)} lines are more than people read; {MOST_LINES} fit."})
    if long := next((rule.title for rule in rules if len(rule.title) > TITLE_LIMIT), None):
        raise Invalid(fields={"lines": f"The title “{long[:40]}…” is long; {TITLE_LIMIT} characters fit."})


def _changed(raw: Any) -> str:
    line = clean_line(
        raw, limit=CHANGED_LIMIT, field="changed", empty="A sentence tells people what is new, and why."
    )
    from_staff(line, limit=4 * CHANGED_LIMIT, field="changed")
    return line
