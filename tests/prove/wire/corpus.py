"""Malformed requests, as bytes. Each has a name, which a failing test reports."""

FORM_PAGE = b"/letters/find-your-mp/"
PAGES = [b"/", FORM_PAGE, b"/search/?q=x", b"/admin/login/", b"/webhooks/stripe/", b"/news/unsubscribe/x/"]
HOST = b"Host: 127.0.0.1"
FORM = b"Content-Type: application/x-www-form-urlencoded"
OURS = b"Sec-Fetch-Site: same-origin"
MULTIPART = b"Content-Type: multipart/form-data; boundary="
PART = b'--x\r\nContent-Disposition: form-data; name="postcode"\r\n\r\nnw3 7ux\r\n'
SMUGGLED = b"GET /smuggled/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LARGE = 10 * 1024**2
# UTF-8 that is truncated, overlong, a lone surrogate or beyond Unicode; a byte-order mark; and Latin-1.
BAD_UTF8 = [b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe", b"caf\xe9"]
CODED = [b"%00", b"%", b"%zz", b"%2", b"%C3", b"%C0%80", b"%ED%A0%80", b"%F4%90%80%80", b"%FF", b"%u0000", b"%25%30%30"]


def get(target=b"/", *lines, method=b"GET", version=b"HTTP/1.1", host=HOST):
    return b"\r\n".join([b" ".join([method, target, version]), *([host] if host else []), *lines, b"", b""])


def post(body=b"", *lines, target=FORM_PAGE, length=None, kind=FORM):
    """Return a POST request. `length` replaces the correct Content-Length; b"" leaves it out."""
    claimed = str(len(body)).encode() if length is None else length
    lengths = [b"Content-Length: " + claimed] if claimed else []
    return get(target, OURS, kind, *lengths, *lines, method=b"POST") + body


def chunked(body, *lines):
    return post(body, b"Transfer-Encoding: chunked", *lines, length=b"")


LINES = [
    b"\r\n",
    b"\r\n\r\n\r\n\r\n",
    b"GET /\r\n",
    b"GET\r\n\r\n",
    b"GET  /  HTTP/1.1\r\n" + HOST + b"\r\n\r\n",
    b"GET\t/\tHTTP/1.1\r\n" + HOST + b"\r\n\r\n",
    b"GET / HTTP/1.1\n" + HOST + b"\n\n",
    b"GET / HTTP/1.1\r" + HOST + b"\r\r",
    b"GET / HTTP/1.1 extra\r\n" + HOST + b"\r\n\r\n",
    b" GET / HTTP/1.1\r\n" + HOST + b"\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
    b"\x80\0\0\0" * 50,
    *(
        get(version=version)
        for version in (b"HTTP/0.9", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/11", b"http/1.1", b"HTTP/1.", b"HTTP/9.9", b"X")
    ),
    *(get(method=method) for method in (b"get", b"TRACE", b"CONNECT", b"PROPFIND", b"\0", b"G" * 9000, b"G\xffT", b"")),
    *(get(b"*", method=method) for method in (b"GET", b"OPTIONS")),
]
TARGETS = [
    *(get(target) for target in (b"", b"x", b"//", b"//evil.example/", b"/../../etc/passwd", b"/%2e%2e/", b"http://[")),
    *(get(target) for target in (b"http://", b"127.0.0.1:80", b"/?", b"/??", b"/#x", b"/\\", b"/;x", b"/\x7f", b"/\0")),
    *(get(b"/" + bad) for bad in (*BAD_UTF8, *CODED)),
    *(get(b"/search/?q=" + bad) for bad in (*BAD_UTF8, *CODED, b"\0")),
    *(get(b"/search/?" + bad + b"=x") for bad in (*BAD_UTF8, *CODED)),
    *(get(b"/" + b"a" * length) for length in (2000, 4094, 8190, 9000, 70_000)),
    get(b"/search/?q=" + b"a" * 6000),
    get(b"/?" + b"&" * 5000),
    get(b"/?" + b"a=1&" * 1500),
]
HEADERS = [
    get(host=b""),
    get(b"/", host=b"Host:"),
    *(get(host=b"Host: " + name) for name in (b"[", b"a b", b"127.0.0.1:x", b"\xff", b"@", b"127.0.0.1:99999999")),
    get(b"/", HOST),
    *(get(b"/", b"Cookie: sessionid=" + bad) for bad in (*BAD_UTF8, b"\0", b'"\\000x"', b'"\\777"', b"x" * 7000)),
    get(b"/", b"Cookie: " + b"=;" * 2000),
    *(get(b"/", b"X-Any: " + bad) for bad in (*BAD_UTF8, b"\0", b"\x07", b"a\rb", b"a\nb", b"x" * 8000, b"x" * 70_000)),
    *(get(b"/", name + b": x") for name in (b"", b" ", b"a b", b"a\0", b"\xff", b"(", b"X_Y", b"x" * 8000)),
    get(b"/", b"no colon"),
    get(b"/", b"X-Folded: a", b" b"),
    get(b"/", b" X-Folded: first"),
    get(b"/", *(b"X-%d: x" % number for number in range(300))),
    get(b"/", b"Range: bytes=" + b"0-1," * 1000),
    get(b"/", b"If-Modified-Since: Thu, 01 Jan 99999 00:00:00 GMT", b"If-None-Match: " + b'"' * 999),
    get(b"/", b"Expect: 999-nonsense"),
    get(b"/", b"Upgrade: websocket", b"Connection: Upgrade"),
    get(b"/", b"Connection: " + b"x," * 2000),
    *(get(b"/", b"X-Forwarded-For: " + bad) for bad in (b"\xff", b"," * 2000, b"fe80::1%" + b"x" * 999, b"1.2.3.4:x")),
    *(get(b"/", b"X-Forwarded-Proto: " + bad) for bad in (b"https", b"\xff", b"https, http")),
]
LENGTHS = [
    *(post(b"a=b", length=length) for length in (b"-1", b"+3", b"3, 3", b"3;x", b"0x3", b"x", b" ", b"9" * 30, b"1e1")),
    *(post(b"a=b", length=length) for length in (b"9" * 4000, b"\xb2", b"0", b"2", b"10", b"3\0", b"1_0")),
    post(b"a=b", b"Content-Length: 3"),
    post(b"a=b", b"Content-Length: 4"),
    post(b"a=b", length=b""),
    post(b"x" * LARGE),
    post(b"x" * 100, length=str(LARGE).encode()),
    chunked(b"%x\r\n" % LARGE + b"x" * LARGE + b"\r\n0\r\n\r\n"),
]
CHUNKS = [
    *(
        chunked(size + b"\r\na=b\r\n0\r\n\r\n")
        for size in (b"-3", b"+3", b"0x3", b"x", b"", b" 3", b"3 ", b"3_0", b"\0")
    ),
    *(chunked(size + b"\r\na=b\r\n0\r\n\r\n") for size in (b"F" * 16, b"F" * 17, b"0" * 5000, b"3;" + b"x" * 9000)),
    *(chunked(size + b"\r\na=b\r\n0\r\n\r\n") for size in (b"2", b"4", b"ffff", b"3;a=b", b'3;a="', b"3\n", b"3\xb2")),
    chunked(b"3\r\na=bXX0\r\n\r\n"),
    chunked(b"3\na=b\n0\n\n"),
    chunked(b"3\r\na=b\r\n0\r\nX-Trailer: \0\r\n\r\n"),
    chunked(b"3\r\na=b\r\n0\r\nContent-Length: 9\r\n\r\n"),
    chunked(b"3\r\na=b\r\n"),
    chunked(b""),
    chunked(b"1\r\na\r\n" * 5000 + b"0\r\n\r\n"),
]
CODINGS = [b"chunked", b"Chunked", b"xchunked", b" chunked", b"chunked, identity", b"identity", b"gzip, chunked", b""]
CODINGS += [b"\x0bchunked", b"chunked\0", b"chunked, chunked", b'"chunked"', b"x", b"gzip"]
SMUGGLING = [
    *(post(b"0\r\n\r\n" + SMUGGLED, b"Transfer-Encoding: " + coding, length=b"6") for coding in CODINGS),
    *(post(b"0\r\n\r\n" + SMUGGLED, b"Transfer-Encoding: " + coding) for coding in CODINGS),
    post(b"0\r\n\r\n" + SMUGGLED, b"Transfer-Encoding : chunked"),
    post(b"0\r\n\r\n" + SMUGGLED, b"Transfer_Encoding: chunked"),
    post(b"0\r\n\r\n" + SMUGGLED, b"X: y\nTransfer-Encoding: chunked"),
    post(b"0\r\n\r\n" + SMUGGLED, b"Transfer-Encoding:", b" chunked"),
    post(b"0\r\n\r\n" + SMUGGLED, b"Transfer-Encoding: identity", b"Transfer-Encoding: chunked"),
    get(b"/", b"Content-Length: 60") + SMUGGLED,
    get(b"/", b"Transfer-Encoding: chunked") + b"0\r\n\r\n" + SMUGGLED,
    get(b"/", b"Content-Length: 0", b"Content-Length: 60") + SMUGGLED,
    get(b"/", b"Connection: Content-Length", b"Content-Length: 60") + SMUGGLED,
]
PIPELINED = [
    get() * 5,
    get(b"/healthz") * 200,
    get() + b"\r\n\r\n" + get(),
    post(b"a=b") * 5,
    post(b"a=b") + b"garbage\r\n\r\n" + get(),
    get(b"/", b"Connection: close") + get(),
    get() + get(version=b"HTTP/1.0") + get(),
]
BODIES = [
    *(post(b"postcode=" + bad) for bad in (*BAD_UTF8, *CODED, b"\0")),
    *(post(bad + b"=x") for bad in (*BAD_UTF8, *CODED, b"\0")),
    post(b"&".join([b"a=1"] * 2000)),
    *(
        post(b"postcode=nw3", kind=FORM + b"; charset=" + charset)
        for charset in (b"utf-16", b"base64", b"undefined", b"\xff", b'"', b"x" * 5000, b"\0")
    ),
    *(post(b"a=b", kind=b"Content-Type: " + kind) for kind in (b"", b"/", b"\0", b"\xff", b";;;", b"x/" + b"x" * 8000)),
    *(post(b"\x1f\x8b\x08\0", b"Content-Encoding: " + coding) for coding in (b"gzip", b"br", b"x")),
    post(b'{"id": ' + b"[" * 5000, kind=b"Content-Type: application/json", target=b"/webhooks/stripe/"),
    *(
        post(PART + b"--x--\r\n", kind=MULTIPART + boundary)
        for boundary in (b"x", b"", b'"x', b'""', b"y", b"\xff", b"x" * 300, b"x; charset=utf-16", b"x\0", b" ", b"=x")
    ),
    post(PART + b"--x--\r\n", kind=b"Content-Type: multipart/form-data"),
    post(PART, kind=MULTIPART + b"x"),
    post(b"--x\r\n" * 500 + b"--x--", kind=MULTIPART + b"x"),
    post(PART.replace(b'"postcode"', b'"\0"') + b"--x--\r\n", kind=MULTIPART + b"x"),
    post(PART.replace(b'"postcode"', b'"a"; filename="\xff"') + b"--x--\r\n", kind=MULTIPART + b"x"),
    post(PART.replace(b'"postcode"', b"\"a\"; filename*=x''%00") + b"--x--\r\n", kind=MULTIPART + b"x"),
    post(
        PART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n=") + b"--x--", kind=MULTIPART + b"x"
    ),
    post(PART.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 9000 + b"\r\n\r\n") + b"--x--", kind=MULTIPART + b"x"),
    post(PART * 1500 + b"--x--\r\n", kind=MULTIPART + b"x"),
]
WHOLE = [post(b"postcode=nw3+7ux"), post(PART + b"--x--\r\n", kind=MULTIPART + b"x"), get(b"/", b"Cookie: a=b")]
CUT = [one[:at] for one in WHOLE for at in (1, 4, 16, 40, len(one) - 30, len(one) - 2, len(one) - 1)]
KINDS = {"line": LINES, "target": TARGETS, "header": HEADERS, "length": LENGTHS, "chunk": CHUNKS, "cut": CUT}
KINDS |= {"smuggling": SMUGGLING, "pipelined": PIPELINED, "body": BODIES}
CORPUS = {f"{kind} {number}": one for kind, ones in KINDS.items() for number, one in enumerate(ones)}
CORPUS |= {f"whole {number}": get(page) for number, page in enumerate(PAGES)}
