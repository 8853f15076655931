"""Hostile input for forms and URLs, drawn from a seeded generator so that failures can be reproduced."""

import json
import string
from urllib.parse import quote, urlencode

LONG = 1_000_000
MARKS = "".join(map(chr, range(0x300, 0x340))) * 50  # combining characters, which are slow to normalise
BREAKERS = [
    *("\0", "a\0b", "\ud800", "\x0b", "\r\nX: y", "http://[", "//[", "1" * 20, "9" * 5000, "9223372036854775808"),
    *("2147483648", "-1", "NaN", "zzz", "0001-01-01", "9999-12-31", "\u202e", "a@b。.org", MARKS, f"//a{MARKS}"),
]
FORM = "application/x-www-form-urlencoded"
TEXTS = [
    *("", " ", "\0", "a\0b", "\x01\x0b\x1b\x7f", "\r\nSet-Cookie: a=b", "a\nb\rc", "\u2028\u2029", "\ufffe\uffff"),
    *(
        "\u202eabc\u202c",
        "\u200b",
        "\ufeff",
        "\u2066x",
        "\ud800",
        "a\udfff",
        "e\u0301" * 300,
        "😀" * 60,
        "🏴‍☠️",
        "ß",
        "İ",
        "ﬁ",
        "Ａ",
    ),
    *(
        "'; DROP TABLE pledges_pledge;--",
        "' OR 1=1 --",
        "\\",
        '"',
        "%s",
        "%(slug)s",
        "%",
        "%00",
        "%2500",
        "\\x00",
        "\\000",
    ),
    *(
        "{{ 7*7 }}",
        "{% load x %}",
        "{{ mp.display_name }}",
        "<script>alert(1)</script>",
        "</textarea>",
        "<!--",
        "&#0;",
        "]]>",
    ),
    *("0", "-1", "00", "1.5", "1e309", "NaN", "Infinity", "0x10", "1_000", "٣", "²", "½", "+1", "1" * 20, "9" * 5000),
    *("2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *(
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "2026-02-30",
        "24:00",
        "2026-11-22T25:00",
        "9999-12-31T23:59:59-12:00",
    ),
    *(
        "a@example.org",
        "a@b。.org",
        "a@localhost",
        "a@[127.0.0.1]",
        "@",
        "a@example.org Bcc: v@example.net",
        "a" * 64 + "@a.b",
    ),
    *(
        "http://[",
        "https://[::1",
        "javascript:alert(1)",
        "//evil.example",
        "https://exa mple.org",
        "https://℀.com",
        "../../etc",
    ),
    *(
        "[]",
        "{}",
        "null",
        "true",
        "on",
        "GB",
        "E14001265",
        "nw3 7ux",
        "other",
        "once",
        "public",
        "organisation",
        "draft",
    ),
    *(
        "00000000-0000-0000-0000-000000000000",
        "zzz",
        "_00",
        "_ff",
        "a" * 300,
        "word " * 400,
        "a:b:c",
        "a.b.c",
        "é" * 255,
    ),
]
CHARSETS = [
    "utf-8",
    "utf-7",
    "utf-16",
    "latin-1",
    "undefined",
    "base64",
    "idna",
    "unicode_escape",
    "rot13",
    "nonsense",
    "\x7f",
]
HEADERS = {
    "Origin": ["http://[", "null", "http://testserver", "https://evil.example", "http://℀.com", "x" * 5000],
    "Sec-Fetch-Site": ["same-origin", "cross-site", "", "\x7f"],
    "X-Forwarded-For": ["", ",,,", "fe80::1%eth0", "1.2.3.4, zzz", "9" * 400, "::ffff:1.2.3.4", "256.1.1.1"],
    "Host": ["", "a b", "[", "evil.example", "testserver:99999999", "127.0.0.1:x"],
    "Accept-Language": ["*", "zz;q=x", "en-" * 400, "\x7f"],
    "Accept-Encoding": ["gzip;q=x", "*;q=0", ",,,"],
    "If-None-Match": ["*", '"', "W/", '"' * 999],
    "If-Modified-Since": ["zzz", "Thu, 01 Jan 99999 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"],
    "Range": ["bytes=9-1", "bytes=-" + "9" * 50, "x"],
    "Referer": ["http://[", "\x7f"],
    "Cookie": [
        'sessionid="\\000aaaaaaaaaaaaaaaa"',
        "sessionid=" + "x" * 3000,
        "csrftoken=\x7f",
        "messages=zzz",
        "=;=;;",
    ],
    "Content-Encoding": ["gzip"],
    "Sec-Purpose": ["prefetch", "\x7f"],
    "Stripe-Signature": ["t=1,v1=x", "t=,v1", "=", "t=" + "9" * 5000 + ",v1=a", "é"],
}


def text(rng):
    """Return one hostile string: a known one, two joined, or random characters."""
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(BREAKERS)
    if kind < 0.7:
        return rng.choice(TEXTS)
    if kind < 0.85:
        return rng.choice(TEXTS) + rng.choice(TEXTS)
    if kind < 0.998:
        return "".join(character(rng) for _ in range(rng.randint(1, 40)))
    return rng.choice("a0 <é") * LONG


def character(rng):
    """Return a random code point: half the time printable ASCII."""
    return rng.choice(string.printable) if rng.random() < 0.5 else chr(rng.randrange(0x11_0000))


def headers(rng):
    """Return one or two hostile headers, encoded in UTF-8 and decoded as Latin-1, which is what Python can send."""
    chosen = rng.sample(sorted(HEADERS), rng.randint(1, 2))
    return {name: rng.choice(HEADERS[name]).encode().decode("latin-1") for name in chosen}


def query(rng, names=()):
    """Return a query string with hostile values for the given names and for others."""
    known = [*names, *names, "page", "q", "next", "before", "constituency", "fund", "again", "p", "zzz", "\0", "a[]"]
    pairs = [(rng.choice(known), text(rng)[:3000]) for _ in range(rng.randint(1, 3))]
    return (
        encoded(pairs)
        if rng.random() < 0.9
        else rng.choice(["%", "%zz", "&&==", "a=%ff%fe", "%C0%80", "?", "a=" + "&a" * 1200])
    )


def encoded(pairs):
    """Return names and values form-encoded, keeping unpaired surrogates."""
    return urlencode(
        [(name.encode(errors="surrogatepass"), value.encode(errors="surrogatepass")) for name, value in pairs]
    )


def segment(rng):
    """Return one hostile segment of a path."""
    return quote((text(rng)[:500] or "x").encode(errors="surrogatepass"), safe="")


def body(rng, pairs):
    """Return the body of a post and its content type: usually a form, sometimes something else."""
    kind = rng.random()
    if kind < 0.8:
        return encoded(pairs).encode(), FORM
    if kind < 0.9:
        return multipart(rng, pairs), f"multipart/form-data; boundary=X{charset(rng)}"
    return rng.choice(
        [
            (encoded(pairs).encode(), FORM + charset(rng)),
            (b"%" * 50 + b"&=" * 50 + b"%f", FORM),
            (bytes(rng.randrange(256) for _ in range(200)), FORM),
            (b"a=1&" * 1500, FORM),
            (json.dumps(dict(pairs)).encode(), "application/json"),
            (b'{"id": "\\ud800", "a": ' + b"[" * 3000, "application/json"),
            (b"", ""),
            (multipart(rng, pairs)[: rng.randint(1, 300)], "multipart/form-data; boundary=X"),
            (b"--X--", "multipart/form-data"),
            (b"zzz", 'multipart/form-data; boundary="' + "x" * 300 + '"'),
        ]
    )


def charset(rng):
    return f"; charset={rng.choice(CHARSETS)}" if rng.random() < 0.5 else ""


def multipart(rng, pairs):
    """Return a multipart body: some parts are files, some have impossible names and encodings."""
    parts = []
    for name, value in pairs:
        name = quote(name.encode(errors="surrogatepass")) if rng.random() < 0.1 else name.replace('"', "")
        file = rng.choice(['; filename="a.txt"', '; filename="\0"', "; filename*=nonsense''%00", '; filename=""'])
        more = file if rng.random() < 0.1 else ""
        coding = rng.choice(["base64", "quoted-printable", "nonsense"]) if rng.random() < 0.1 else ""
        head = f'--X\r\nContent-Disposition: form-data; name="{name}"{more}\r\n'
        head += f"Content-Transfer-Encoding: {coding}\r\n" if coding else ""
        parts.append(f"{head}\r\n{value}\r\n".encode(errors="surrogatepass"))
    return b"".join(parts) + b"--X--\r\n"
