"""What holds for every text, tried with texts that nobody thought of: the two cleaners against each other, and the whole path."""

import contextlib
import itertools
import re
from collections.abc import Iterator

import bleach
import pytest
from bleach._vendor import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.errors import Invalid
from forum.text import clean_line, clean_text, gist, markdown, names, render
from forum.text.unseen import has_unseen
from tests.hostile.checking import wrong_in_words
from tests.hostile.corpus import PAYLOADS

pytestmark = pytest.mark.once

settings.register_profile("quick", max_examples=60, derandomize=True, database=None, deadline=None)
settings.register_profile("long", max_examples=3_000, derandomize=True, database=None, deadline=None)
QUICK, LONG = settings.get_profile("quick"), settings.get_profile("long")

SIGNS = (
    "<", ">", "&", '"', "'", "`", "*", "_", "~", "[", "]", "(", ")", "!", "#", "-", "+", "1.", "\n", "\n\n", "    ", "\\\\",
    ":", "/", "=", "|", "&lt;", "&#60;", "&Tab;", ":::", ":::mentions loss ", ":::helped\n", "```", "\n> ", "\n- ", "<!--",
    "-->", "<script>", "</", "<svg>", "<style>", "<a href=", "onload=", "javascript:", "data:", "https://a.example", "\x00",
    "\ud800", "\u202e", "\u200b", "\ufeff", "\u2028", "é", "words ",
)  # fmt: skip
LETTERS = st.characters(min_codepoint=0, max_codepoint=0x10FFFF, categories=None)
TEXTS = st.one_of(
    st.text(LETTERS, max_size=2_000),
    st.lists(st.sampled_from(SIGNS), max_size=200).map("".join),
    st.lists(st.sampled_from(list(PAYLOADS.values())), min_size=1, max_size=4).map(
        lambda parts: "".join(parts)[:2_000]
    ),
    st.lists(st.one_of(st.sampled_from(SIGNS), st.text(LETTERS, max_size=8)), max_size=120).map("".join),
)
"""Any letters, our own signs in any order, payloads run into each other, and all of it mixed."""

TAGS = ("p", "b", "a", "em", "details", "summary", "div", "span", "svg", "math", "style", "script", "table", "td", "title",
        "select", "template", "noscript", "textarea", "img", "pre", "ol", "li", "h3", "mtext", "mglyph", "desc", "x-y")  # fmt: skip
ATTRIBUTES = ("", ' href="javascript:x"', " href=https://a.example", ' title="</p><script>"', " onload=x", ' class="veil"',
              ' style="x"', " id=x", ' data-kind="loss"', " start=3", ' rel="x"', " src=x", "/", ' href=" java&#10;script:x"')  # fmt: skip
MARKUP = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
        st.builds("</{}>".format, st.sampled_from(TAGS)),
        st.sampled_from(
            (
                "words",
                "&lt;b&gt;",
                "&",
                "<",
                ">",
                '"',
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "\x00",
                "&#x0;",
                "&amp;lt;",
            )
        ),
    ),
    max_size=40,
).map("".join)
"""Tag soup, which our Markdown never makes: what the cleaners are there for if it ever did."""


def tried(strategy):
    """A property, tried a little in `make test` and at length in `make test-all`."""

    def tries(test):
        def quick(words: str) -> None:
            test(words)

        def long(words: str) -> None:
            test(words)

        quick.__name__, long.__name__ = f"{test.__name__}_quick", f"{test.__name__}_long"
        quick, long = QUICK(given(strategy)(quick)), LONG(given(strategy)(long))
        return pytest.mark.parametrize(
            "how", [quick, pytest.param(long, marks=pytest.mark.slow)], ids=["quick", "long"]
        )(_named(test, lambda how: how()))

    return tries


def _named(test, run):
    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def by_bleach(html: str) -> str:
    return bleach.clean(
        html, tags=markdown._TAGS, attributes=markdown._ATTRIBUTES, protocols=markdown._PROTOCOLS, strip=True
    )


def by_nh3(html: str) -> str:
    return markdown._clean(html)


def tokens(html: str) -> list[tuple[str, ...]]:
    """The tags with their attributes, and the words between them, as a parser reads them. Our `rel` is nh3's own to add."""
    return list(
        _tokens(
            html5lib.parseFragment(html, container="div", treebuilder="etree", namespaceHTMLElements=False)
        )
    )


def _tokens(element) -> Iterator[tuple[str, ...]]:
    yield from _said(element.text)
    for child in element:
        kept = sorted(f"{name}={value}" for name, value in child.attrib.items() if name != "rel")
        yield (str(child.tag), *kept)
        yield from _tokens(child)
        yield ("/",)
        yield from _said(child.tail)


def _said(words: str | None) -> Iterator[tuple[str, ...]]:
    if words and words.strip():
        yield ("words", words.replace("\ufffd", "").strip())


def markup(html: str) -> set[tuple[str, ...]]:
    return {one for one in tokens(html) if one[0] not in ("words", "/")}


@tried(TEXTS)
def test_no_text_is_an_error_and_none_comes_out_alive(words):
    html = render(words)
    assert not wrong_in_words(html)
    gist(html)
    with contextlib.suppress(Invalid):
        assert not wrong_in_words(clean_text(words).html)


@tried(TEXTS)
def test_cleaning_again_changes_nothing(words):
    html = render(words)
    assert tokens(by_nh3(html)) == tokens(html)
    assert tokens(by_bleach(html)) == tokens(html)


CONTROLS = re.compile("[\x00-\x08\x0b-\x1f]")
"""bleach writes a question mark for each of these, nh3 leaves them or nothing. No words that are saved hold one."""


@tried(TEXTS)
def test_the_two_cleaners_agree_on_what_markdown_makes(words):
    rendered = CONTROLS.sub("", markdown._MARKDOWN.render(words.encode("utf-8", "replace").decode()))
    for one, other in itertools.zip_longest(
        tokens(by_bleach(rendered)), tokens(by_nh3(rendered)), fillvalue=()
    ):
        assert one == other or sorted(one) == sorted((*other, *lost(one)))


def lost(token: tuple[str, ...]) -> list[str]:
    """The address of a link. nh3 reads it as an address and takes it away when its host is none; bleach reads its scheme."""
    return [part for part in token if token[0] == "a" and part.startswith("href=")]


@tried(MARKUP)
def test_either_cleaner_alone_leaves_nothing_alive_of_tag_soup(words):
    for html in (by_bleach(words), by_nh3(words), by_nh3(by_bleach(words))):
        allowed = {(tag, name) for tag, names in markdown._ATTRIBUTES.items() for name in names}
        for tag, *attributes in markup(html):
            assert tag in markdown._TAGS
            assert {(tag, one.split("=")[0]) for one in attributes} <= allowed
            assert not any(
                re.match(r"href=[\s\x00-\x20]*(java|vb|data)", one, re.IGNORECASE) for one in attributes
            )


FIRST_LINE = re.compile("<pre>\n+")
"""HTML itself leaves out a new line right after <pre>, one at each reading."""


@tried(MARKUP)
def test_what_both_cleaned_is_the_same_when_it_is_read_again(words):
    """Written down by one and read by the other, it means what it meant: nothing waits for a second reading."""
    html = by_nh3(by_bleach(words))
    assert FIRST_LINE.sub("<pre>", by_nh3(html)) == FIRST_LINE.sub("<pre>", html)
    assert markup(by_bleach(html)) == markup(html)


DIRECTION = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\u00ad")


@tried(TEXTS)
def test_a_line_is_one_line_without_controls_or_disguise(words):
    try:
        line = clean_line(words, limit=2_000, field="title")
    except Invalid:
        return
    assert line == " ".join(line.split())
    assert not DIRECTION & set(line)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in line)


@tried(
    st.one_of(
        st.text(LETTERS, min_size=3, max_size=40),
        st.text(st.characters(categories=("L", "M", "Zs", "Cf")), max_size=40),
    )
)
def test_a_name_that_is_taken_is_all_to_be_seen(words):
    try:
        name = names.checked(words)
    except Invalid:
        return
    assert not has_unseen(name)
    assert all(c.isprintable() for c in name)
    assert names.checked(name) == name
    assert names.key_of(name)
