"""The library, the toolkit, the plan and the guides as pages."""

import pytest

from forum.actions import rooms, strategies
from forum.actions.plans import save_plan
from forum.actions.toolkit import keep_strategy, say_how_it_was
from forum.db import db
from forum.models import Guest, Message, Notification, Outcome, Plan, Post, SanctionKind, Scope, Strategy
from forum.text.cards import link_to
from tests import factories
from tests.factories import CARD

URGES = "Honestly, just kys."


@pytest.fixture
def card(alice):
    return factories.make_strategy(alice)


# The library


def test_the_library_and_a_card_are_read_by_members(client_as, bob, card):
    browser = client_as(bob)
    assert CARD["name"] in browser.get("/library").text
    page = browser.get(f"/strategies/{card.id}").text
    for words in (CARD["fits"], "Find something that holds you.", "Sitting works the same.", "feel watched"):
        assert words in page
    assert "From the life of" in page
    assert "Shown once ten people have said how it was" in page


def test_guests_find_no_card_and_are_asked_to_sign_in_for_the_rest(client_as, card):
    browser = client_as(Guest())
    assert browser.get(f"/strategies/{card.id}").status_code == 404
    for path in ("/library", "/toolkit", "/plan", "/plan/read", "/strategies/new"):
        assert browser.get(path).status_code == 401
    assert "What helps</a>" not in browser.get("/boards").text


def test_whoever_is_banned_sees_none_and_has_no_way_there(client_as, card):
    browser = client_as(factories.sanction(factories.make_user(), SanctionKind.BAN, Scope.SITE))
    assert browser.get(f"/strategies/{card.id}").status_code == 404
    assert browser.get("/library").status_code == 403
    assert "What helps</a>" not in browser.get("/notices").text


def test_what_is_looked_for_stays_in_the_form(client_as, bob, card):
    page = client_as(bob).get("/library?tag=breath&minutes=5&without_breath=1&words=x%22y").text
    assert "Nothing here fits all of that yet" in page
    assert '<option value="breath" selected>' in page
    assert '<option value="5" selected>' in page
    assert "x&#34;y" in page


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=999999", "minutes=x", "tag=%00", "words=%25"]
)
def test_a_query_that_means_nothing_is_no_error(client_as, bob, card, query):
    assert client_as(bob).get(f"/library?{query}").status_code == 200


# Writing


def test_a_shared_card_leads_to_itself(client_as, send, alice):
    answer = send(client_as(alice), "/strategies", CARD)
    card = db.session.scalars(db.select(Strategy)).one()
    assert (answer.status_code, answer.location) == (303, f"/strategies/{card.id}")


def test_a_refused_card_comes_back_with_everything_in_it(client_as, send, alice):
    answer = send(client_as(alice), "/strategies", CARD | {"name": "", "cites": "Kept too"})
    assert answer.status_code == 422
    for words in ("A few words for a name", CARD["steps"], CARD["cautions"], "Kept too"):
        assert words in answer.text
    assert 'value="grounding" checked' in answer.text


def test_private_details_can_be_covered_with_one_press(client_as, send, alice):
    told = CARD | {"steps": "Write to river@example.org."}
    answer = send(client_as(alice), "/strategies", told)
    assert 'name="mask"' in answer.text
    assert send(client_as(alice), "/strategies", told | {"mask": "1"}).status_code == 303
    assert "river@" not in db.session.scalars(db.select(Strategy)).one().source


def test_a_card_that_waits_says_so_to_its_author(client_as, send, alice, bob):
    answer = send(client_as(alice), "/strategies", CARD | {"cautions": URGES}, follow_redirects=True)
    assert "Your card is waiting for a moderator" in answer.text
    card = db.session.scalars(db.select(Strategy)).one()
    assert client_as(bob).get(f"/strategies/{card.id}").status_code == 404


def test_heavy_words_on_a_card_are_answered_with_help(client_as, send, alice):
    answer = send(client_as(alice), "/strategies", CARD | {"cautions": "I want to kill myself."})
    assert "Samaritans" in answer.text
    assert "On to your card" in answer.text


def test_a_card_is_changed_and_taken_back(client_as, send, alice, bob, card):
    form = client_as(alice).get(f"/strategies/{card.id}/edit").text
    assert "Find something that holds you.\nSay the next thing you will do." in form
    assert (
        send(client_as(alice), f"/strategies/{card.id}/edit", CARD | {"place": "Stairs"}).status_code == 303
    )
    stale = send(client_as(alice), f"/strategies/{card.id}/edit", CARD | {"edited_at": "before"})
    assert stale.status_code == 412
    assert send(client_as(bob), f"/strategies/{card.id}/delete").status_code == 403
    assert send(client_as(alice), f"/strategies/{card.id}/delete").location == "/library"
    assert client_as(alice).get(f"/strategies/{card.id}").status_code == 404


def test_whoever_has_not_agreed_yet_is_led_there_first(client_as):
    answer = client_as(factories.make_user(agrees=False)).get("/strategies/new")
    assert answer.status_code == 303
    assert "before-you-write" in answer.location


def test_moderators_hide_and_show_a_card(client_as, send, mo, bob, card):
    browser = client_as(mo)
    send(browser, f"/strategies/{card.id}/hide")
    assert client_as(bob).get(f"/strategies/{card.id}").status_code == 404
    assert "Hidden by a moderator" in browser.get(f"/strategies/{card.id}").text
    send(browser, f"/strategies/{card.id}/show")
    assert client_as(bob).get(f"/strategies/{card.id}").status_code == 200


def test_a_report_of_a_card_and_its_case_show_all_of_its_words(client_as, send, mo, bob, card):
    browser = client_as(bob)
    assert CARD["cautions"] in browser.get(f"/report?strategy={card.id}").text
    assert send(browser, f"/report?strategy={card.id}", {"reason": "rule"}).status_code == 303
    assert "Card in the library" in client_as(mo).get("/moderation").text
    send(client_as(mo), "/moderation/cases/1/claim")
    page = client_as(mo).get("/moderation/cases/1").text
    assert "Card in the library" in page
    assert CARD["cautions"] in page
    assert "Lock" not in page


# From a post


def test_an_own_post_begins_a_card(client_as, send, bob, post):
    page = client_as(bob).get(f"/strategies/new?post={post.id}").text
    assert "I read all of it." in page
    send(client_as(bob), "/strategies", CARD | {"post": post.id})
    assert db.session.scalars(db.select(Strategy)).one().post_id == post.id


def test_somebody_elses_words_are_nowhere_before_their_yes(client_as, send, alice, bob, post):
    assert client_as(alice).get(f"/strategies/new?post={post.id}").status_code == 403
    assert send(client_as(alice), f"/posts/{post.id}/ask").status_code == 303
    assert post.source not in client_as(alice).get(f"/posts/{post.id}/ask").text
    notices = client_as(bob).get("/notices").text
    assert "may become a card" in notices
    asks = client_as(bob).get(f"/posts/{post.id}/asks").text
    assert "No is a full answer" in asks
    assert send(client_as(bob), "/strategy-asks/1", {"answer": "yes"}).status_code == 303
    assert "said yes" in client_as(alice).get("/notices").text
    assert post.source in client_as(alice).get(f"/strategies/new?post={post.id}").text


def test_a_card_says_whose_yes_it_rests_on_without_a_name(client_as, alice, bob, charlie, post):
    own = factories.make_strategy(bob, post=post)
    assert "said yes" not in client_as(charlie).get(f"/strategies/{own.id}").text
    strategies.answer_strategy_ask(bob, strategies.ask_for_strategy(alice, post), answer="yes")
    other = factories.make_strategy(alice, post=post)
    page = client_as(charlie).get(f"/strategies/{other.id}").text
    assert "whose author said yes" in page
    assert bob.byline.name not in page


def test_a_notice_leads_to_where_it_is_answered(client_as, send, alice, bob, post):
    ask = strategies.ask_for_strategy(alice, post)
    strategies.answer_strategy_ask(bob, ask, answer="yes")
    notices = {one.kind: f"/notices/{one.id}/open" for one in db.session.query(Notification)}
    assert send(client_as(bob), notices["strategy_ask"]).location == f"/posts/{post.id}/asks"
    assert send(client_as(alice), notices["strategy_yes"]).location == f"/strategies/new?post={post.id}"


def test_nobody_else_sees_who_asked(client_as, alice, mo, charlie, post):
    strategies.ask_for_strategy(alice, post)
    for other in (alice, mo, charlie):
        assert client_as(other).get(f"/posts/{post.id}/asks").status_code == 404


# One's own


def test_the_toolkit_shows_what_one_keeps_and_how_it_was(client_as, send, bob, alice, card):
    browser = client_as(bob)
    assert "Nothing is kept here yet" in browser.get("/toolkit").text
    send(browser, f"/strategies/{card.id}/keep")
    send(browser, f"/strategies/{card.id}/outcomes", {"how": "helped", "before": "7", "after": "4"})
    page = browser.get("/toolkit").text
    assert CARD["name"] in page
    assert "it helped, from 7 to 4" in page
    assert CARD["name"] not in client_as(alice).get("/toolkit").text
    answer = send(browser, f"/strategies/{card.id}/put-back", {"toolkit": "1"})
    assert answer.location == "/toolkit"


def test_ones_numbers_are_on_ones_own_page_only(client_as, bob, alice, mo, card):
    say_how_it_was(bob, card, how="harder", before="9", after="10")
    assert "before 9, after 10" in client_as(bob).get(f"/strategies/{card.id}").text
    for other in (alice, mo):
        assert "before 9" not in client_as(other).get(f"/strategies/{card.id}").text


def test_an_answer_that_is_missing_is_asked_for_kindly(client_as, send, bob, card):
    answer = send(client_as(bob), f"/strategies/{card.id}/outcomes", {"situation": "night", "before": "x"})
    assert answer.status_code == 422
    assert "One of the three is enough" in answer.text
    assert '<option value="night" selected>' in answer.text


def test_an_answer_is_taken_out(client_as, send, bob, alice, card):
    said = say_how_it_was(bob, card, how="helped")
    assert send(client_as(alice), f"/outcomes/{said.id}/forget").status_code == 404
    assert send(client_as(bob), f"/outcomes/{said.id}/forget").status_code == 303
    assert db.session.query(Outcome).count() == 0


def test_a_plan_is_written_read_and_erased(client_as, send, alice):
    browser = client_as(alice)
    assert browser.get("/plan/read").location == "/plan"
    assert send(browser, "/plan", {"helps": "Cold water\nThe light on"}).location == "/plan/read"
    assert "<span>The light on</span>" in browser.get("/plan/read").text
    assert "Cold water\nThe light on</textarea>" in browser.get("/plan").text
    send(browser, "/plan/erase")
    assert db.session.query(Plan).count() == 0


def test_a_refused_plan_comes_back_with_its_words(client_as, send, alice):
    answer = send(client_as(alice), "/plan", {"helps": "Cold water", "signs": "x" * 201})
    assert answer.status_code == 422
    assert "Cold water" in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("path", ["/plan", "/plan/read", "/help", "/toolkit"])
def test_what_is_private_lies_in_no_cache(client_as, alice, path):
    save_plan(alice, parts={"helps": "Cold water"})
    assert client_as(alice).get(path).headers["Cache-Control"] == "no-store"


def test_a_plan_is_on_no_page_of_anybody_else(site, world, client_as, alice, mo, ada):
    from tests.test_policy import readable

    save_plan(alice, parts={"helps": "the green chair by the stairs"})
    for other in (mo, ada):
        browser = client_as(other)
        for url, _view in readable(site, world):
            assert "the green chair by the stairs" not in browser.get(url).text, url


def test_the_words_of_a_plan_are_not_logged(client_as, send, alice, capfd):
    send(client_as(alice), "/plan", {"helps": "the green chair", "signs": "x" * 201})
    send(client_as(alice), "/plan", {"helps": "the green chair"})
    client_as(alice).get("/plan/read")
    told = capfd.readouterr()
    assert "green chair" not in told.out + told.err


# Cards in what people write


def test_a_card_chosen_in_the_composer_stands_below_the_reply(client_as, send, bob, alice, topic, card):
    keep_strategy(bob, card)
    assert "Put a card in" in client_as(bob).get(f"/topics/{topic.id}").text
    send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "This one.", "card": card.id, "key": "k"})
    post = db.session.scalars(db.select(Post).where(Post.number == 2)).one()
    assert post.source == f"This one.\n\n{link_to(card.id)}"
    assert 'class="card-in"' in client_as(alice).get(f"/topics/{topic.id}").text


def test_a_card_that_is_hidden_is_gone_from_replies(client_as, bob, mo, topic, card):
    factories.make_post(bob, topic, f"This one.\n\n{link_to(card.id)}")
    strategies.hide_strategy(mo, card)
    for reader in (bob, mo):
        page = client_as(reader).get(f"/topics/{topic.id}").text
        assert 'class="card-in"' not in page
        assert CARD["name"] not in page


def test_guests_of_an_open_board_see_no_card_in_a_reply(client_as, alice, bob, card):
    topic = factories.make_topic(alice, factories.make_board("Open", audience="guests"))
    factories.make_post(bob, topic, f"This one.\n\n{link_to(card.id)}")
    page = client_as(Guest()).get(f"/topics/{topic.id}").text
    assert "This one." in page
    assert CARD["name"] not in page


def test_the_card_stays_chosen_when_a_reply_is_refused(client_as, send, bob, topic, card):
    keep_strategy(bob, card)
    answer = send(client_as(bob), f"/topics/{topic.id}/replies", {"body": "x" * 20_001, "card": card.id})
    assert answer.status_code == 422
    assert f'<option value="{card.id}" data-words="{link_to(card.id)}" selected>' in answer.text


def test_a_card_chosen_in_a_room_goes_along_as_a_link(client_as, send, bob, room, card):
    from forum.live.ids import new_cid

    rooms.join_room(bob, room)
    keep_strategy(bob, card)
    assert "Put a card in" in client_as(bob).get(f"/rooms/{room.id}").text
    send(client_as(bob), f"/rooms/{room.id}/messages", {"body": "", "card": card.id, "cid": new_cid()})
    message = db.session.scalars(db.select(Message)).one()
    assert message.source == link_to(card.id)
    assert f'href="/strategies/{card.id}"' in message.html


# Guides


def test_guides_are_open_to_everyone_and_say_what_nobody_checked(client_as):
    browser = client_as(Guest())
    assert "Couples therapy" in browser.get("/guides").text
    page = browser.get("/guides/emdr").text
    assert "What you can ask" in page
    assert "Nobody here has compared it with this page yet" in page
    assert browser.get("/guides/no-such-guide").status_code == 404
