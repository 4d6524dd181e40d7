"""The pages of moderation: telling, the queue, a case, the statement, the record. Doors only: rules are tested on actions."""

import re

import pytest
from sqlalchemy import event

from forum.actions import reports, rooms
from forum.actions.cases import claim_case
from forum.actions.decisions import decide_case, request_second_look
from forum.db import db, now
from forum.models import Audience, Case, Decision, Duty, Post, Report, SanctionKind, Scope
from forum.queries.cases import case_of, record
from tests import factories

WHY = {"rule": 3, "letter": "You may not have meant it, and it landed hard."}


@pytest.fixture
def case(alice, post):
    reports.report(alice, post, reason="unkind", words="Third time this week.")
    return case_of(post)


def page(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


# Telling


@pytest.mark.parametrize("deed", ["report", "worry"])
@pytest.mark.parametrize("kind", ["post", "message", "persona"])
def test_telling_takes_one_page_and_one_button(deed, kind, alice, bob, post, room, client_as, send):
    for user in (alice, bob):
        rooms.join_room(user, room)
    things = {"post": post.id, "message": factories.make_message(bob, room).id, "persona": bob.byline.id}
    client, address = client_as(alice), f"/{deed}?{kind}={things[kind]}"
    assert bob.name in page(client.get(address))
    receipt = send(client, address, {"reason": "unkind", "words": "It was late."}, follow_redirects=True)
    told = db.session.query(Report).one()
    said = page(receipt)
    assert told.reference in said
    assert "We won’t say it was you" in said
    assert "It was late." in said


def test_a_report_without_a_reason_keeps_its_words(alice, post, client_as, send):
    answer = send(client_as(alice), f"/report?post={post.id}", {"words": "It was late."})
    assert answer.status_code == 422
    assert "It was late." in answer.get_data(as_text=True)
    assert not db.session.query(Report).count()


@pytest.mark.parametrize(
    "address",
    ["/report", "/worry?post=x", "/report?post=999999", "/report?message=999999", "/worry?persona=999999"],
)
def test_what_is_not_there_is_not_found(address, alice, client_as, send):
    client = client_as(alice)
    assert client.get(address).status_code == 404
    assert send(client, address, {"reason": "rule"}).status_code == 404


def test_what_one_cannot_see_is_not_found(charlie, alice, client_as):
    private = factories.make_board("Private", audience=Audience.GROUPS)
    factories.appoint(alice, Duty.MODERATOR, board=private)
    hidden = factories.make_post(alice, factories.make_topic(alice, private))
    assert client_as(charlie).get(f"/report?post={hidden.id}").status_code == 404


def test_own_words_cannot_be_reported(bob, post, client_as, send):
    client = client_as(bob)
    assert client.get(f"/report?post={post.id}").status_code == 403
    assert send(client, f"/report?post={post.id}", {"reason": "rule"}).status_code == 403


def test_guests_are_asked_to_sign_in(guest, bob, client_as):
    board = factories.make_board("Open", audience=Audience.GUESTS)
    post = factories.make_post(bob, factories.make_topic(bob, board))
    assert client_as(guest).get(f"/report?post={post.id}").status_code == 401


def test_one_s_reports_are_listed_with_their_outcome(alice, mo, post, case, client_as):
    assert "Waiting" in page(client_as(alice).get("/reports"))
    decide_case(mo, case, verb="hide", **WHY)
    told = db.session.query(Report).one()
    for address in ("/reports", f"/reports/{told.id}"):
        said = page(client_as(alice).get(address))
        assert "something was changed" in said
        assert WHY["letter"] not in said


def test_a_report_can_be_taken_back(alice, case, client_as, send):
    told = db.session.query(Report).one()
    said = page(send(client_as(alice), f"/reports/{told.id}/withdraw", follow_redirects=True))
    assert "Taken back" in said
    assert "Third time" not in said


@pytest.mark.parametrize("who", ["bob", "mo", "ada"])
def test_nobody_else_opens_a_report(who, request, case, client_as):
    told = db.session.query(Report).one()
    assert client_as(request.getfixturevalue(who)).get(f"/reports/{told.id}").status_code == 404


# The queue


def test_the_queue_shows_why_and_where_and_no_words(mo, post, case, client_as):
    said = page(client_as(mo).get("/moderation"))
    assert "It is unkind, or won’t stop, from one person" in said
    assert f"Reply in {post.topic.board.name}" in said
    assert "Soon" in said
    assert post.source not in said
    assert "Third time" not in said


def test_its_script_reads_the_same_lines(mo, case, client_as):
    (line,) = client_as(mo).get("/moderation/lines").get_json()["lines"]
    assert (line["id"], line["tier"], line["url"]) == (case.id, "amber", f"/moderation/cases/{case.id}")
    assert line["wait"].endswith("aim 4 hours")


def test_the_queue_names_who_has_a_case(mo, ada, case, client_as):
    claim_case(ada, case)
    assert f"With {ada.name} until" in page(client_as(mo).get("/moderation"))


@pytest.mark.parametrize(
    "who, status", [("guest", 401), ("alice", 403), ("mo", 200), ("max", 200), ("ada", 200), ("sam", 403)]
)
def test_the_queue_is_for_moderators(who, status, request, case, client_as):
    assert client_as(request.getfixturevalue(who)).get("/moderation").status_code == status


def test_a_moderator_elsewhere_does_not_find_the_case(max, case, client_as):  # noqa: A002
    client = client_as(max)
    assert f"/moderation/cases/{case.id}" not in page(client.get("/moderation"))
    assert client.get(f"/moderation/cases/{case.id}").status_code == 404


@pytest.fixture
def count(app):
    """The questions that a request asks of the database."""
    asked = []

    def listen(_connection, _cursor, statement, *_):
        if statement.startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(db.engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("rows", [1, 20, 200])
@pytest.mark.parametrize("address", ["/moderation", "/moderation/lines"])
def test_the_queue_asks_the_same_few_questions_for_any_length(
    address, rows, mo, alice, bob, topic, count, client_as
):
    for number in range(rows):
        post = Post(
            topic_id=topic.id, author_id=bob.id, persona_id=bob.byline.id, source="x", html="<p>x</p>"
        )
        case = Case(
            kind="content", channel="board", tier="amber", rank=2, subject=f"post:{number}", board_id=topic.board_id,
            post=post, due_at=now(),
        )  # fmt: skip
        db.session.add_all(
            [post, case, Report(case=case, reporter_id=alice.id, reference=f"R{number}", reason="rule")]
        )
    db.session.commit()
    client = client_as(mo)
    client.get(address)
    db.session.remove()
    del count[:]
    assert client.get(address).status_code == 200
    assert len(count) <= 10, "\n\n".join(count)


# A case


def test_the_words_open_with_a_claim(mo, post, case, client_as, send):
    client, address = client_as(mo), f"/moderation/cases/{case.id}"
    closed = page(client.get(address))
    assert post.source not in closed
    opened = page(send(client, f"{address}/claim", follow_redirects=True))
    assert post.source in opened
    assert "Third time this week." in opened
    assert "With you until" in opened


def test_who_told_us_is_in_no_page_but_a_lead_s(alice, mo, ada, topic, bob, client_as):
    reporter = factories.make_user("Reporting Wren")
    reports.report(reporter, post := factories.make_post(bob, topic), reason="unkind")
    case = case_of(post)
    claim_case(mo, case)
    for address in ("/moderation", "/moderation/lines", f"/moderation/cases/{case.id}", "/moderation/record"):
        assert reporter.name not in client_as(mo).get(address).get_data(as_text=True)
    assert reporter.name in page(client_as(ada).get(f"/moderation/cases/{case.id}"))


def test_a_decision_from_the_page(mo, bob, post, case, client_as, send):
    claim_case(mo, case)
    asked = {"verb": "suspend", "rule": "3", "letter": WHY["letter"], "days": "3", "hides": "1"}
    said = page(send(client_as(mo), f"/moderation/cases/{case.id}/decision", asked, follow_redirects=True))
    assert "Decided" in said
    decision = db.session.query(Decision).one()
    assert (decision.verb, decision.rule, decision.user_id) == ("suspend", 3, bob.id)
    assert decision.has_hidden


def test_a_decision_to_move_names_a_board(mo, topic, case, client_as, send):
    claim_case(mo, case)
    elsewhere = factories.make_board("Where it belongs")
    asked = {"verb": "move", "rule": "1", "letter": "It belongs there.", "board": elsewhere.id}
    page(send(client_as(mo), f"/moderation/cases/{case.id}/decision", asked, follow_redirects=True))
    db.session.refresh(topic)
    assert topic.board_id == elsewhere.id


def test_what_is_missing_is_said_and_the_letter_is_kept(mo, case, client_as, send):
    claim_case(mo, case)
    answer = send(
        client_as(mo), f"/moderation/cases/{case.id}/decision", {"verb": "hide", "letter": "My long letter."}
    )
    assert answer.status_code == 422
    assert "My long letter." in answer.get_data(as_text=True)


def test_who_comes_second_is_told_who_and_keeps_the_letter(mo, ada, case, client_as, send):
    decide_case(mo, case, verb="nothing")
    asked = {"verb": "hide", "rule": "3", "letter": "My long letter."}
    answer = send(client_as(ada), f"/moderation/cases/{case.id}/decision", asked)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert f"{mo.name} decided this on" in said
    assert "My long letter." in said


def test_somebody_else_s_claim_is_said(mo, ada, case, client_as, send):
    claim_case(mo, case)
    answer = send(client_as(ada), f"/moderation/cases/{case.id}/claim")
    assert answer.status_code == 409
    assert mo.name in answer.get_data(as_text=True)


def test_handing_back_and_leaving_a_note(mo, case, client_as, send):
    client, address = client_as(mo), f"/moderation/cases/{case.id}"
    claim_case(mo, case)
    assert "Seen this before." in page(
        send(client, f"{address}/notes", {"note": "Seen this before."}, follow_redirects=True)
    )
    assert send(client, f"{address}/notes", {"note": ""}).status_code == 422
    assert send(client, f"{address}/hand-back").status_code == 303
    db.session.refresh(case)
    assert not case.is_claimed


@pytest.mark.parametrize("deed", ["claim", "notes", "decision", "hand-back"])
def test_members_do_none_of_it(deed, charlie, case, client_as, send):
    assert (
        send(client_as(charlie), f"/moderation/cases/{case.id}/{deed}", {"verb": "nothing"}).status_code
        == 403
    )


def test_a_case_of_each_channel_can_be_read(mo, alice, bob, room, client_as):
    for user in (alice, bob):
        rooms.join_room(user, room)
    message = factories.make_message(bob, room)
    reports.report(alice, message, reason="danger")
    reports.worry(alice, bob.byline)
    for thing in (message, bob.byline):
        claim_case(mo, case_of(thing))
        assert bob.name in page(client_as(mo).get(f"/moderation/cases/{case_of(thing).id}"))


# Reasons


@pytest.mark.parametrize(
    "verb, more",
    [
        ("hide", {}),
        ("warn", {}),
        ("mute", {"days": 3}),
        ("suspend", {"days": 3}),
        ("ban", {}),
        ("ban", {"scope": "site"}),
        ("lock", {}),
        ("note", {"kinds": ["loss"]}),
    ],
)
def test_the_author_reads_why(verb, more, mo, alice, bob, post, case, client_as):
    decision = decide_case(mo, case, verb=verb, **more, **WHY)
    said = page(client_as(bob).get(f"/statements/{decision.id}"))
    main = said[said.index("<main") : said.index("</main>")]
    for part in (
        WHY["letter"],
        post.source,
        "Be kind, also when you disagree",
        "By people",
        mo.name,
        "Ask for a second look",
    ):
        assert part in main
    assert alice.name not in main
    assert not re.search(r"\breport", main)


def test_what_a_program_noticed_is_said_so(mo, bob, topic, client_as):
    held = factories.make_post(bob, topic, "Just go and die.")
    decision = decide_case(mo, case_of(held), verb="hide", **WHY)
    assert "Automatically" in page(client_as(bob).get(f"/statements/{decision.id}"))


def test_nobody_learns_of_a_decision_that_changed_nothing(mo, bob, case, client_as):
    decision = decide_case(mo, case, verb="nothing")
    assert client_as(bob).get(f"/statements/{decision.id}").status_code == 404


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_statements_are_for_whom_they_are_about(who, request, mo, case, client_as, send):
    decision = decide_case(mo, case, verb="hide", **WHY)
    client = client_as(request.getfixturevalue(who))
    assert client.get(f"/statements/{decision.id}").status_code == 404
    assert send(client, f"/statements/{decision.id}/second-look").status_code == 404


@pytest.mark.parametrize("scope", ["site", "here"])
def test_a_second_look_is_asked_for_by_whoever_is_banned_too(scope, mo, ada, bob, case, client_as, send):
    decision = decide_case(mo, case, verb="ban", scope=scope, **WHY)
    client, address = client_as(bob), f"/statements/{decision.id}"
    said = page(send(client, f"{address}/second-look", {"words": "It was a joke."}, follow_redirects=True))
    assert "You asked for one" in said
    assert send(client, f"{address}/second-look").status_code == 409
    again = db.session.query(Case).filter_by(appeals_id=decision.id).one()
    claim_case(ada, again)
    assert "It was a joke." in page(client_as(ada).get(f"/moderation/cases/{again.id}"))
    undone = decide_case(ada, again, verb="overturn")
    assert "We looked again and got this wrong" in page(client.get(f"/statements/{undone.id}"))
    assert "undone after a second look" in page(client.get(address))


def test_the_first_moderator_finds_no_claim_button_in_an_appeal(mo, bob, case, client_as):
    again = request_second_look(bob, decide_case(mo, case, verb="hide", **WHY))
    said = page(client_as(mo).get(f"/moderation/cases/{again.id}"))
    assert "You decided this the first time" in said
    assert ">Claim</button>" not in said


def test_what_stays_after_a_second_look_is_said(mo, ada, bob, case, client_as):
    again = request_second_look(bob, decide_case(mo, case, verb="hide", **WHY))
    stays = decide_case(ada, again, verb="nothing", letter="We read it twice.")
    said = page(client_as(bob).get(f"/statements/{stays.id}"))
    assert "We looked again, and it stays" in said
    assert "We read it twice." in said


def test_one_page_says_what_holds(bob, mo, case, client_as):
    assert "Nothing. You can write" in page(client_as(bob).get("/statements"))
    decide_case(mo, case, verb="suspend", days=3, **WHY)
    said = page(client_as(bob).get("/statements"))
    assert "Paused everywhere here, until" in said
    assert "It opens again by itself" in said


# People


def test_a_profile_offers_worry_and_report_to_others(alice, bob, client_as):
    said = page(client_as(alice).get(f"/members/{bob.byline.id}"))
    assert f"/report?persona={bob.byline.id}" in said
    assert f"/worry?persona={bob.byline.id}" in said
    assert f"/report?persona={bob.byline.id}" not in page(client_as(bob).get(f"/members/{bob.byline.id}"))


def test_guests_and_whoever_is_banned_see_no_profiles(guest, alice, bob, client_as):
    assert client_as(guest).get(f"/members/{bob.byline.id}").status_code == 401
    factories.sanction(alice, SanctionKind.BAN, Scope.SITE)
    assert client_as(alice).get(f"/members/{bob.byline.id}").status_code in (403, 404)
    assert client_as(bob).get("/members/999999").status_code == 404


# The record


def test_the_record_says_what_was_done_and_checks_itself(mo, bob, case, client_as):
    decide_case(mo, case, verb="hide", **WHY)
    said = page(client_as(mo).get("/moderation/record?check=1"))
    assert "Words hidden" in said
    assert "The chain is whole" in said
    assert WHY["letter"] not in said
    before = record(mo)[0].entry.id
    assert "Words hidden" not in page(client_as(mo).get(f"/moderation/record?before={before}"))


@pytest.mark.parametrize("who, status", [("alice", 403), ("max", 403), ("guest", 401)])
def test_the_record_is_for_moderators_of_everything(who, status, request, app, client_as):
    assert client_as(request.getfixturevalue(who)).get("/moderation/record").status_code == status
