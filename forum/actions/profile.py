"""What members say about themselves: pronouns, a few words, and which arch stands beside their name."""

from typing import Any

from forum import limits, modlog
from forum.actions.cases import open_case_for, waits
from forum.db import action, db, locked, now
from forum.errors import Invalid, Stale, collected
from forum.models import FIGURES, TONES, Actor, Profile, User
from forum.policy.core import require
from forum.policy.profile import (
    can_change_profile,
    can_hide_profile,
    can_release_profile,
    can_show_profile,
)
from forum.queries.profile import profile_of, profile_version
from forum.text import RENDERER, clean_line
from forum.triage import Verdict
from forum.words import Words, line_to_publish, to_publish

PRONOUNS_LIMIT = 40
WORDS_LIMIT = 300
CHANNEL = "profile"
NO_WORDS = Words("", "", Verdict())
STAYS_HIDDEN = (
    "A moderator has hidden these words. You can take them away and save, and write others after that; "
    "a second look can be asked for from your notices."
)


def _read(
    actor: Actor, *, pronouns: Any = "", words: Any = "", mask: bool = False, **_given: Any
) -> dict[str, Any]:
    """Both fields through the gate; what is found in either counts for both, because they are shown together."""
    require(can_change_profile(actor))
    fields: dict[str, str] = {}
    line, found = collected(fields, _pronouns, pronouns) or ("", Verdict())
    few = collected(fields, lambda raw: _few(raw, mask=mask), words) or NO_WORDS
    if fields:
        raise Invalid(fields=fields)
    together = Verdict((*few.verdict.findings, *found.findings))
    return {"pronouns": line, "words": Words(few.source, few.html, together)}


def _pronouns(raw: Any) -> tuple[str, Verdict]:
    if not _typed(raw, "pronouns"):
        return "", Verdict()
    line = clean_line(raw, limit=PRONOUNS_LIMIT, field="pronouns")
    return line, line_to_publish(line, channel=CHANNEL, field="pronouns")


def _few(raw: Any, *, mask: bool) -> Words:
    typed = _typed(raw, "words")
    if not typed:
        return NO_WORDS
    if len(typed) > WORDS_LIMIT:
        raise Invalid(fields={"words": f"This has {len(typed)} characters; {WORDS_LIMIT} fit."})
    return to_publish(typed, channel=CHANNEL, mask=mask, field="words")


def _typed(raw: Any, field: str) -> str:
    """What somebody typed, with one kind of line end, as they counted it; nothing is nothing."""
    if raw is not None and not isinstance(raw, str):
        raise Invalid(fields={field: "Text is needed here."})
    return (raw or "").replace("\r\n", "\n").strip()


@action(words=_read)
def change_profile(
    actor: User,
    *,
    pronouns: Any = "",
    words: Any = "",
    figure: Any = None,
    tone: Any = None,
    version: str | None = None,
    mask: bool = False,
) -> Profile:
    """Say who one is, as much or as little as one likes, unless that changed on another device meanwhile.

    What tells others to harm themselves waits for a moderator; what sounds like danger is shown, and somebody looks.
    """
    user = locked(actor)
    require(can_change_profile(user))
    profile = profile_of(user.byline) or Profile(
        author_id=user.id, persona_id=user.byline.id, pronouns="", source="", html=""
    )
    if version is not None and version != (now_is := profile_version(user.byline, profile)):
        raise Stale(now_is)
    limits.check(user, "profile")
    _choose_arch(user, figure, tone)
    _say(user, profile, pronouns, words)
    db.session.add(profile)
    db.session.flush()
    open_case_for(user.byline, words.verdict)
    return profile


def _choose_arch(user: User, figure: Any, tone: Any) -> None:
    """One of those that are drawn; none given leaves it."""
    fields = {}
    if figure is not None and figure not in FIGURES:
        fields["figure"] = "Choosing one of these gives your arch its picture."
    if tone is not None and tone not in TONES:
        fields["tone"] = "Choosing one of these gives your arch its colour."
    if fields:
        raise Invalid(fields=fields)
    user.byline.figure = figure or user.byline.figure
    user.byline.tone = tone or user.byline.tone


def _say(user: User, profile: Profile, pronouns: str, words: Words) -> None:
    """Hidden words stay as they are or go; taking them away ends the hiding, and others are read anew."""
    is_same = (profile.pronouns, profile.source) == (pronouns, words.source)
    if profile.is_hidden and not is_same and (words.source or pronouns):
        raise Invalid(fields={"words": STAYS_HIDDEN})
    if is_same:
        return
    profile.pronouns, profile.source, profile.html = pronouns, words.source, words.html
    profile.renderer, profile.verdict, profile.edited_at = RENDERER, words.verdict.to_json(), now()
    profile.held_at, profile.hidden_at = now() if waits(user, words.verdict) else None, None


# Looking after


@action
def hide_profile(actor: Actor, profile: Profile) -> None:
    """Take what somebody says about themself out of sight; they still see it."""
    profile = locked(profile)
    require(can_hide_profile(actor, profile))
    if not profile.is_hidden:
        profile.hidden_at = now()
        _log(actor, "profile_hidden", profile)


@action
def show_profile(actor: Actor, profile: Profile) -> None:
    """Bring back what was hidden."""
    profile = locked(profile)
    require(can_show_profile(actor, profile))
    if profile.is_hidden:
        profile.hidden_at = None
        _log(actor, "profile_shown", profile)


@action
def release_profile(actor: Actor, profile: Profile) -> None:
    """Show what waited."""
    profile = locked(profile)
    require(can_release_profile(actor, profile))
    if profile.is_held:
        profile.held_at = None
        _log(actor, "profile_released", profile)


def _log(actor: Actor, code: str, profile: Profile) -> None:
    modlog.write(actor, code, user=profile.author, subject=f"persona:{profile.persona_id}")
