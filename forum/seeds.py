"""A small believable community, built only with actions, so that the first page is worth looking at.

It is invented from end to end. The accounts are marked as demo accounts, and a production start refuses them.
"""

from datetime import timedelta

from forum.actions import accounts, boards, gestures, messages, reports, rooms, topics
from forum.db import db, now
from forum.live.ids import new_cid
from forum.models import Board, Duty, Post, ReadsFrom, Role, Room, System, Topic, User
from forum.queries.accounts import demo_members, has_members

PASSWORD = "warm lantern light"

PEOPLE: dict[str, tuple[str, int, str]] = {
    "Maud": ("tree", 5, "admin, looks after the house"),
    "Wren": ("leaf", 1, "moderator of every board and room"),
    "Ines": ("hill", 3, "facilitator of the evening circle"),
    "Tomas": ("stone", 4, "facilitator of quiet company"),
    "Quiet Juniper": ("tree", 1, "member"),
    "River Slate": ("river", 4, "member"),
    "Moss Lantern": ("lamp", 2, "member"),
    "Plain Sparrow": ("leaf", 5, "member"),
    "Amber Fen": ("moon", 2, "member"),
    "Slow Tide": ("river", 1, "member"),
    "North Orchard": ("hill", 6, "member"),
    "Grey Heron": ("moon", 4, "member"),
    "Second Kettle": ("lamp", 6, "member"),
    "Low Meadow": ("hill", 5, "member"),
}

BOARDS: dict[str, list[tuple[str, str, str, str]]] = {
    "Arriving": [
        ("sprout", "Introductions", "What brings you here, as much or as little as you like.", "guests"),
        (
            "text",
            "Recognising the impact",
            "Putting words to what happened, and to what it still does.",
            "members",
        ),
    ],
    "Closeness": [
        (
            "rings",
            "Attachment and closeness",
            "Pulling close, pushing away, and everything between. Patterns, not labels.",
            "members",
        ),
        (
            "house",
            "Family, then and now",
            "Parents, siblings, chosen family, contact and no contact.",
            "members",
        ),
    ],
    "Day by day": [
        (
            "wave",
            "Steadying big feelings",
            "When it is a lot: what people do in the first ten minutes.",
            "members",
        ),
        (
            "seat",
            "Starting and staying in therapy",
            "Choosing, first sessions, hard sessions, stopping well.",
            "members",
        ),
        (
            "sun",
            "Self-care and boundaries",
            "Soup, sleep, a phone call made, a no that held. It counts.",
            "members",
        ),
    ],
}

TALK: list[tuple[str, str, str, str, tuple[str, ...], str, list[tuple[str, str]]]] = [
    (
        "Attachment and closeness", "Ines", "Read this first: how we talk about closeness here", "witness", (),
        "This board is for patterns, not for labels. Nobody needs a diagnosis to belong.\n\n"
        "- Speak from your own life.\n- Ask before you advise.\n- You never have to share back.",
        [],
    ),
    (
        "Attachment and closeness", "River Slate", "After a hard phone call with my mother", "listen", ("family_conflict",),
        "I had planned the call all week. I had my notes. I was going to say one thing, the thing about Sundays, "
        "and then hang up warmly.\n\n"
        ":::mentions family_conflict What was said on the phone, in a few lines.\n"
        "She said I had always been difficult to love, in the voice she uses for the weather. Then she raised her voice, "
        "and I went somewhere else. I could hear her but I was very small and far away.\n:::\n\n"
        "I put the phone down and could not feel my hands for a while. I know it was only words. I don’t need it fixed, "
        "I think I just needed someone to know that it happened.\n\n"
        ":::helped\nCold water on my wrists. Naming five green things in the kitchen. My neighbour’s dog, who has no opinion.\n:::",
        [
            ("Moss Lantern", "I read all of it. “In the voice she uses for the weather” made me stop. You had planned it so "
             "carefully, and you still said the true thing to us.\n\nIt happened. I know that it happened now."),
            ("Ines", "Going far away when a voice is raised is something many bodies learn early. You came back, and you found "
             "the dog. I’m glad you wrote. The evening circle is open if company would be nice; you can sit and say nothing."),
            ("North Orchard", "The small-and-far-away thing has a name for me now too. Thank you for writing it so plainly."),
        ],
    ),
    (
        "Attachment and closeness", "Moss Lantern", "When someone is kind and I want to run", "been", (),
        "New relationship, nothing wrong, and every part of me is looking for the door. He texts when he says he will. "
        "I keep waiting for the bill.",
        [
            ("Plain Sparrow", "Been there. For me the wish to run came exactly on the evenings when nothing was wrong. It got quieter "
             "when I said it out loud to him once, in one sentence, without asking him to fix it."),
            ("Slow Tide", "“Waiting for the bill.” Yes. I have nothing to add except yes."),
            ("Moss Lantern", "That one sentence idea. I might try it on Thursday."),
        ],
    ),
    (
        "Attachment and closeness", "Plain Sparrow", "How do you ask for a slower pace without it sounding like goodbye?", "ideas", (),
        "I would like some actual sentences, if you have them.",
        [
            ("North Orchard", "Mine is: *“I like this, and I need it slower so I can stay.”* The second half does the work."),
            ("Ines", "What seems to help people in the circle: say what stays the same first (Sunday lunch, the good-night text), then the one thing that changes."),
        ],
    ),
    (
        "Attachment and closeness", "North Orchard", "Secure feels boring. Is that me, or the pattern?", "reframe", (),
        "Six months in. Nobody shouts. I keep checking for the catch, and when there isn’t one I make a small one.",
        [("Second Kettle", "Could boring be what your shoulders feel like when they are down? Mine took a year to stop reporting it as a fault.")],
    ),
    ("Attachment and closeness", "Amber Fen", "I said I was fine and hung up", "listen", (), "That’s all. I said I was fine and hung up and I was not fine.", []),
    (
        "Attachment and closeness", "Slow Tide", "I don’t want answers, I want this written down somewhere", "witness", ("being_left",),
        "He took the bookcase. The wall behind it is a different white. I have lived here four years and never knew.",
        [],
    ),
    (
        "Introductions", "Low Meadow", "Hello from the end of a long year", "been", (),
        "I read here for two weeks before I made a name. What brings me: I am the calm one in every family story and I have noticed that I am not calm, I am absent.",
        [
            ("Quiet Juniper", "Welcome, Low Meadow. “Not calm, absent” is a sentence I will be taking with me today."),
            ("Wren", "Glad you’re here. Reading along for as long as you like is a way of being here too."),
        ],
    ),
    (
        "Recognising the impact", "Second Kettle", "Does calm ever stop feeling like waiting?", "reframe", (),
        "When the house is quiet I listen for the car. There has been no car for eleven years.",
        [],
    ),
    (
        "Recognising the impact", "Grey Heron", "Learning that it had a name", "been", ("abuse",),
        ":::mentions abuse How it was at home, without details.\nNobody hit anyone. There were weeks of silence, and I was six.\n:::\n\n"
        "I read an article about attachment on the bus and missed my stop. Has anyone else found out from an article?",
        [("Plain Sparrow", "A library book, misfiled under gardening. I still think of it as the gardening book.")],
    ),
    (
        "Family, then and now", "Quiet Juniper", "Sunday calls", "ideas", ("family_conflict",),
        "Every Sunday at five my stomach knows before I do. How do you keep the calls, but shorter?",
        [
            ("Low Meadow", "A kitchen timer they can hear. “That’s my bread” has ended more calls in this house than honesty has."),
            ("River Slate", "I moved mine to a walk. When I am back at my door the call is over, and it is the door that says so."),
        ],
    ),
    (
        "Steadying big feelings", "Plain Sparrow", "Say the next ten minutes out loud", "ideas", (),
        "“Now I stand up. Now I fill the kettle. Now I look at the window.” I whisper it. It is hard to be in 1998 while narrating a kettle.\n\n"
        ":::helped\nThree minutes, anywhere you can whisper. No breath focus.\n:::",
        [("Amber Fen", "Tried it on the stairs at work. It worked as far as the second floor, which was far enough.")],
    ),
    ("Starting and staying in therapy", "Slow Tide", "First week without messaging him", "been", (), "I start with someone new on Monday and I have not told the old group chat. Has anyone done both at once?", []),
    (
        "Self-care and boundaries", "Low Meadow", "A no that held", "listen", (),
        "My brother asked for the spare room and I said no, and then I did not explain it. I am writing this down because my hands are still shaking and I am also a little proud.",
        [("Quiet Juniper", "With you. The not explaining is the part I would frame."), ("Grey Heron", "I read this twice. Thank you.")],
    ),
]  # fmt: skip

CIRCLE: list[tuple[str, str]] = [
    ("Ines", "Welcome in. One word for how you arrive, or “pass”. Passing is a full answer."),
    ("Plain Sparrow", "Creaky."),
    ("Slow Tide", "pass"),
    ("Moss Lantern", "My turn, I think. He texted “running late” and I had packed his things in my head before he parked. I did not say any of it out loud this time. I made tea and watched the kettle."),
    ("North Orchard", "The packing in your head. I know that suitcase very well."),
    ("Ines", "Thank you, Moss Lantern. We can sit with that for a minute. Nobody needs to answer it."),
]  # fmt: skip


def plant() -> bool:
    """Make the community, unless somebody is here already; whether it was made."""
    if has_members():
        return False
    people = _people()
    places = _boards(people)
    for talk in TALK:
        _talk(people, places, talk)
    _rooms(people)
    _moderation(people, places)
    return True


def logins() -> list[tuple[str, str, str]]:
    """Name, password and role of each demo account that is there, the staff first; empty when there is none."""
    here = {user.name for user in demo_members()}
    return [(name, PASSWORD, about) for name, (_, _, about) in list(PEOPLE.items())[:6] if name in here]


def _people() -> dict[str, User]:
    return {name: _person(name, figure, tone) for name, (figure, tone, _) in PEOPLE.items()}


def _person(name: str, figure: str, tone: int) -> User:
    user, _codes = accounts.sign_up(
        System(),
        name=name,
        password=PASSWORD,
        is_adult=True,
        keeps_health=True,
        agrees=True,
        figure=figure,
        tone=tone,
        is_demo=True,
        role=Role.ADMIN if name == "Maud" else Role.MEMBER,
    )
    return user


def _boards(people: dict[str, User]) -> dict[str, Board]:
    places = {}
    for section_at, (section_name, kept) in enumerate(BOARDS.items()):
        section = boards.make_section(System(), name=section_name, position=section_at)
        for at, (icon, name, about, audience) in enumerate(kept):
            places[name] = boards.make_board(
                System(), section, name=name, about=about, icon=icon, audience=audience, position=at
            )
    accounts.appoint(System(), people["Wren"], duty=Duty.MODERATOR)
    accounts.appoint(System(), people["Ines"], duty=Duty.MODERATOR, board=places["Attachment and closeness"])
    return places


def _talk(people: dict[str, User], places: dict[str, Board], talk: tuple) -> None:
    board, author, title, intent, kinds, body, replies = talk
    first = topics.start_topic(
        people[author], places[board], title=title, intent=intent, kinds=kinds, body=body
    )
    topic: Topic = first.topic
    for name, words in replies:
        topics.reply_to_topic(people[name], topic, body=words)
    if title.startswith("Read this first"):
        topics.pin_topic(System(), topic)
    _gestures(people, first, author)


def _gestures(people: dict[str, User], post: Post, author: str) -> None:
    for name, kind in (("Plain Sparrow", "with"), ("North Orchard", "read"), ("Quiet Juniper", "with")):
        if name != author:
            gestures.gesture(people[name], post, kind=kind)


def _rooms(people: dict[str, User]) -> None:
    circle = _room(
        "Evening circle: closeness and distance",
        "Turns, with a pause for breath in the middle.",
        12,
        people["Ines"],
    )
    company = _room("Quiet company", "Mostly silence. Reading along is the point.", 20, people["Tomas"])
    visit = _room(
        "After the family visit", "For before and after going home. About 50 minutes.", 12, people["Wren"]
    )
    rooms.close_room(System(), visit, next_at=now() + timedelta(hours=3))
    for name in ("Ines", "Plain Sparrow", "Slow Tide", "Moss Lantern", "North Orchard", "Grey Heron"):
        rooms.join_room(people[name], circle)
    rooms.join_room(people["Tomas"], company)
    for name, words in CIRCLE:
        messages.send_message(people[name], circle, cid=new_cid(), body=words)


def _room(name: str, about: str, capacity: int, host: User) -> Room:
    room = rooms.make_room(System(), name=name, about=about, capacity=capacity, reads_from=ReadsFrom.OPENING)
    accounts.appoint(System(), host, duty=Duty.FACILITATOR, room=room)
    db.session.refresh(host)
    return rooms.open_room(System(), room)


def _moderation(people: dict[str, User], places: dict[str, Board]) -> None:
    """Something for the queue: one report, one worry, one post whose author was shown help."""
    reply = topics.start_topic(
        people["Grey Heron"], places["Family, then and now"], title="You all have the disorganised type", intent="ideas",
        kinds=(), body="I have read enough here to say it. You clearly all have the disorganised type.",
    )  # fmt: skip
    reports.report(people["River Slate"], reply, reason="medical", words="It puts labels on people.")
    heavy = topics.start_topic(
        people["Amber Fen"], places["Steadying big feelings"], title="The nights are the hardest part", intent="listen",
        kinds=("suicide",), body="You have all been so kind to me. Some nights I don’t want to be here anymore.",
    )  # fmt: skip
    reports.worry(people["Second Kettle"], heavy, words="She sounded different tonight.")
