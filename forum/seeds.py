"""A small believable community, built only with actions, so that the first page is worth looking at.

It is invented from end to end. The accounts are marked as demo accounts, and a production start refuses them.
"""

from datetime import timedelta
from typing import Any

from forum.actions import (
    accounts,
    gestures,
    messages,
    places,
    plans,
    reports,
    roles,
    rooms,
    strategies,
    toolkit,
    topics,
)
from forum.db import db, now
from forum.live.ids import new_cid
from forum.models import Board, Duty, Post, ReadsFrom, Role, Room, Strategy, System, Topic, User
from forum.queries.accounts import demo_members, has_members
from forum.text.cards import link_to

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

CARDS: list[dict[str, Any]] = [
    {
        "by": "Moss Lantern", "name": "Say the next ten minutes out loud",
        "fits": "For the moment after, when you are back in the room but not quite in your body.",
        "minutes": 5, "place": "Anywhere you can whisper", "tags": ("grounding", "far_away", "family", "overwhelmed"),
        "steps": (
            "**Find something that holds you.** A chair, a wall, the floor. Eyes stay open.\n"
            "**Say the next thing you will do.** As small as it likes to be. “I am going to put my hand on the counter.”\n"
            "**Do it, and say the next.** “I am going to fill the glass.” A whisper counts. Moving your lips counts.\n"
            "**Stop whenever you like.** Some people stop at two sentences. That was enough for today."
        ),
        "changes": "Sitting or lying down works the same.\nIf speaking is hard, write single words, or point.\n"
        "On a bus: say it in your head and tap once on your knee for each.",
        "cautions": "If describing yourself makes you feel watched, looking around the room may be kinder.",
        "told": "hhhhhhhhssx", "situation": "family",
    },
    {
        "by": "Ines", "name": "A longer breath out", "evidence": "published",
        "cites": "A common exercise in NHS leaflets on breathing for stress, told in our own words",
        "fits": "When everything is a little too fast.", "minutes": 2, "place": "Sitting or standing", "is_discreet": True,
        "tags": ("breath", "overwhelmed", "before", "night"),
        "steps": "Let your eyes rest on something that doesn’t move.\nIn through the nose, while you count to four.\n"
        "Out, slowly, while you count to six.\nAs often as it suits you, and stop whenever you like.",
        "changes": "Humming on the way out works too.\nCount three and four, if six is far.",
        "cautions": "If following your breath feels bad, it is not for today. Looking around the room is just as good.",
        "told": "hhhhhhsssxx", "situation": "before",
    },
    {
        "by": "Wren", "name": "Five, four, three, two, one", "evidence": "published",
        "cites": "Taught in many places as 5-4-3-2-1; nobody seems to know who began it",
        "fits": "When you are somewhere else in your head.", "minutes": 5, "place": "Indoors or out", "is_discreet": True,
        "tags": ("grounding", "senses", "far_away", "overwhelmed"),
        "steps": "Name five things you can see, with their colours.\nFour you can feel: the chair, your sleeve, the floor.\n"
        "Three you can hear.\nTwo you can smell, or two smells you like.\nOne slow look around the room.",
        "changes": "Only colours, if the rest is too much.\nWith somebody: take turns.",
        "told": "hhhhhhhhhss",
    },
    {
        "by": "Slow Tide", "name": "The unsent reply",
        "fits": "When the answer in your fingers is one that you may not want to have sent.",
        "minutes": 20, "place": "Somewhere private", "tags": ("writing", "boundaries", "waiting", "argument"),
        "steps": "Write everything to them, somewhere that can’t send.\nClose it.\nDecide tomorrow.",
        "changes": "On paper, if the phone is too near.",
        "cautions": "If writing it makes it louder, a walk first may be better.", "told": "hhhhhsssxxh",
    },
    {
        "by": "Plain Sparrow", "name": "Borrow a calm person",
        "fits": "When your shoulders are up and nobody is shouting.", "minutes": 5, "place": "At home",
        "tags": ("mindfulness", "movement", "overwhelmed"),
        "steps": "Think of somebody unhurried. A neighbour, a librarian, a cow.\n"
        "Picture how they would stand at your sink.\nStand like that for one song.",
        "told": "hhs",
    },
    {
        "by": "North Orchard", "name": "A sentence for a slower pace",
        "fits": "When it is good, and too fast.", "minutes": 10, "place": "Anywhere", "tags": ("boundaries", "before"),
        "steps": "Say what stays the same first.\n“I like this, and I’d like it slower so that I can stay.”\n"
        "Say it once to the mirror, once to the kettle, once to them.",
        "changes": "By text is allowed.", "told": "hhhs",
    },
    {
        "by": "Low Meadow", "name": "The kitchen timer",
        "fits": "For calls that go on longer than you can.", "minutes": 20, "place": "On the phone, at home",
        "tags": ("boundaries", "family", "before"),
        "steps": "Set a timer for as long as you can be kind.\nLet them hear it.\n“That’s my bread.” Say goodbye warmly.",
        "changes": "On a walk: the call ends at your own door.", "told": "hh",
    },
    {
        "by": "Amber Fen", "name": "A list for three in the morning",
        "fits": "When the same thoughts come round and round in the dark.", "minutes": 10, "place": "In bed, with a pencil",
        "tags": ("writing", "sleep", "night"),
        "steps": "Keep a pencil and a card beside the bed.\nWrite each thought as one word.\n"
        "Write beside it “tomorrow” or “not mine”.\nTurn the card over.",
        "cautions": "If what comes in the night is frightening, please don’t stay alone with it. Help now is at the top of every page.",
        "told": "hhhhs",
    },
    {
        "by": "Grey Heron", "name": "Once around the block, slowly",
        "fits": "On a day that hasn’t begun by noon.", "minutes": 20, "place": "Outside, or along a corridor",
        "tags": ("movement", "self_care", "low"),
        "steps": "Shoes first. Nothing else is decided yet.\nTo the first corner and back is a whole walk.\n"
        "Find three things that are green.",
        "changes": "At the window, standing, counts.\nWith a stick, a frame or wheels it is the same walk.", "told": "h",
    },
    {
        "by": "Second Kettle", "name": "Is it true, is it all of it?", "evidence": "published",
        "cites": "The thought record of cognitive behavioural therapy, made small",
        "fits": "When one thought has taken the whole room.", "minutes": 10, "place": "With paper",
        "tags": ("cbt", "writing", "argument", "low"),
        "steps": "Write the thought down, word for word.\nWhat speaks for it? What doesn’t?\n"
        "What would you say to somebody you like who thought it?\nWrite one sentence that leaves room for both.",
        "cautions": "Not for thoughts about harm that somebody is doing to you now. Those need people, not paper.",
        "told": "hhsx",
    },
    {
        "by": "Tomas", "name": "Sit where people are",
        "fits": "When alone is too quiet and talking is too much.", "minutes": 60, "place": "A café, a library, a quiet room here",
        "is_discreet": True, "tags": ("company", "alone", "low"),
        "steps": "Choose a place where nobody will ask anything.\nSit where you can see the door.\nStay as long as one cup.",
        "changes": "A room here counts. Reading along is being there.", "told": "hhh",
    },
    {
        "by": "Quiet Juniper", "name": "Soup for one, on a real plate",
        "fits": "After a day of looking after everybody else.", "minutes": 60, "place": "At home", "tags": ("self_care", "family", "low"),
        "steps": "Something warm. From a tin is fine.\nA bowl that you like.\nSit down for all of it.",
        "changes": "Toast counts.", "told": "hs",
    },
]  # fmt: skip
"""Cards as their authors share them; `told` is how it was for others, in order: helped, same, harder."""

PLAN: dict[str, str] = {
    "signs": "I check my phone and put it down, and check it again\nEverything gets very quiet and far away",
    "helps": "Cold water, then the kitchen light on\nSay the next ten minutes out loud",
    "places": "The bench by the canal, if it’s light\nQuiet company, without typing",
    "people": "Text D. She said any hour, and she meant it",
    "services": "The practice, after 8: ask for the duty doctor",
    "safer": "Ask D. to keep the box at hers",
    "reasons": "The dog, who has no opinion",
}


def plant() -> None:
    """Make the community, unless somebody is here already."""
    if has_members():
        return
    people = _people()
    places = _boards(people)
    posts = {talk[2]: _talk(people, places, talk) for talk in TALK}
    _rooms(people)
    _moderation(people, places)
    _library(people, sunday=posts["Sunday calls"])


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
    made = {}
    for section_at, (section_name, kept) in enumerate(BOARDS.items()):
        section = places.make_section(System(), name=section_name, position=section_at)
        for at, (icon, name, about, audience) in enumerate(kept):
            made[name] = places.make_board(
                System(), section, name=name, about=about, icon=icon, audience=audience, position=at
            )
    roles.appoint(System(), people["Wren"], duty=Duty.MODERATOR)
    roles.appoint(System(), people["Ines"], duty=Duty.MODERATOR, board=made["Attachment and closeness"])
    return made


def _talk(people: dict[str, User], places: dict[str, Board], talk: tuple) -> Post:
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
    return first


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
    room = places.make_room(System(), name=name, about=about, capacity=capacity, reads_from=ReadsFrom.OPENING)
    roles.appoint(System(), host, duty=Duty.FACILITATOR, room=room)
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


def _library(people: dict[str, User], *, sunday: Post) -> None:
    """Cards, what some found with them, a toolkit and a plan; and somebody who is asked for their words."""
    cards = {told["name"]: _card(people, told) for told in CARDS}
    juniper = people["Quiet Juniper"]
    for name in ("Say the next ten minutes out loud", "Five, four, three, two, one", "The kitchen timer"):
        toolkit.keep_strategy(juniper, cards[name])
    plans.save_plan(juniper, parts=PLAN)
    words = (
        f"This is what I do on Sundays. It is written down now:\n\n{link_to(cards['The kitchen timer'].id)}"
    )
    topics.reply_to_topic(people["Low Meadow"], sunday.topic, body=words)
    strategies.ask_for_strategy(people["Second Kettle"], sunday)


def _card(people: dict[str, User], told: dict[str, Any]) -> Strategy:
    card = strategies.share_strategy(people[told["by"]], card={"evidence": "lived"} | told)
    others = [user for name, user in people.items() if name != told["by"]]
    for user, letter in zip(others, told["told"], strict=False):
        how = {"h": "helped", "s": "same", "x": "harder"}[letter]
        toolkit.say_how_it_was(user, card, how=how, situation=told.get("situation", ""))
    return card
