"""One's profile through JSON."""


def test_a_profile_is_read_changed_and_seen_by_others(ask, alice, bob):
    first = ask(alice, "GET", "/account/profile")
    sent = {"pronouns": "they", "words": "Nights, *mostly*.", "figure": "moon", "tone": 4}
    answer = ask(alice, "PUT", "/account/profile", sent, headers={"If-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert (answer.json["words"], answer.json["by"]["figure"]) == ("Nights, *mostly*.", "moon")
    seen = ask(bob, "GET", f"/members/{alice.byline.id}").json
    assert (seen["pronouns"], "<em>" in seen["html"]) == ("they", True)
    late = ask(alice, "PUT", "/account/profile", sent, headers={"If-Match": first.headers["ETag"]})
    assert late.status_code == 412


def test_a_change_needs_to_say_what_it_changes(ask, alice):
    assert ask(alice, "PUT", "/account/profile", {"words": "Hello."}).status_code == 428


def test_what_waits_is_told_to_its_author_alone(ask, alice, bob):
    sent = {"words": "just kill yourself"}
    answer = ask(alice, "PUT", "/account/profile", sent, headers={"If-Match": "*"})
    assert answer.json["state"] == "held"
    assert ask(bob, "GET", f"/members/{alice.byline.id}").json["html"] == ""
