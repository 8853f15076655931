"""Examples for our semgrep rules: for each, a file that it must find a fault in, and one in which it must find none.

`PLANTED` maps each rule to the path of both files, the faulty text and the faultless one. The path matters to rules
that apply to some folders only.
"""

VIEW = "campaign/example/views.py"
SIGNING = "pledges/signing/example.py"
PAGE = "templates/example.html"
SCRIPT = "static/example.js"
PLANTED = {
    "hub-safe-markup": (VIEW, 'html = mark_safe("<b>" + name)\n', 'html = mark_safe("<b>")\n'),
    "hub-format-html-of-text": (
        VIEW,
        'html = format_html(f"<b>{name}</b>")\n',
        'html = format_html("<b>{}</b>", name)\n',
    ),
    "hub-sql-from-text": (
        VIEW,
        'cursor.execute(f"SELECT 1 WHERE name = {name}")\n',
        'cursor.execute("SELECT 1 WHERE name = %s", [name])\n',
    ),
    "hub-csrf-exempt": (
        VIEW,
        "@csrf_exempt\ndef view(request):\n    return answer\n",
        "@public_form\ndef view(request):\n    return answer\n",
    ),
    "hub-redirect-to-request": (
        VIEW,
        'def view(request):\n    to = request.GET["next"]\n    return redirect(to)\n',
        'def view(request):\n    to = request.GET["next"]\n    return redirect("home")\n',
    ),
    "hub-personal-data-in-log": (
        VIEW,
        'log.warning("%s can\'t be reached", signature.email)\n',
        'log.warning("%s can\'t be reached", signature.pk)\n',
    ),
    "hub-path-from-request": (
        VIEW,
        'def view(request):\n    return open(request.GET["file"])\n',
        "def view(request, key):\n    return open(row.path_of(key))\n",
    ),
    "hub-shell": ("campaign/devserver/example.py", "subprocess.run(words, shell=True)\n", "subprocess.run(words)\n"),
    "hub-program": (VIEW, 'subprocess.run(["ls"])\n', 'programs = ["ls"]\n'),
    "hub-code-from-data": (VIEW, "value = pickle.loads(body)\n", "value = json.loads(body)\n"),
    "hub-xml-parser": (VIEW, "from xml.etree import ElementTree\n", "from xml.sax.saxutils import escape\n"),
    "hub-outgoing-request": (VIEW, "answer = urllib.request.urlopen(url)\n", "answer = fetch(url, seconds=3)\n"),
    "hub-signing-by-create": (SIGNING, "Message.objects.create(kind=kind)\n", "cursor.execute(SIGN, values)\n"),
    "hub-secret-compared-with-equals": (
        VIEW,
        "valid = link.token == given\n",
        "valid = constant_time_compare(link.token, given)\n",
    ),
    "hub-cookie": (VIEW, 'response.set_cookie("seen", "1")\n', 'response["Vary"] = "Origin"\n'),
    "hub-html-from-script": (SCRIPT, "box.innerHTML = name;\n", "box.textContent = name;\n"),
    "hub-browser-storage": (SCRIPT, 'localStorage.setItem("name", name);\n', "const copy = name;\n"),
    "hub-unescaped-request": (PAGE, "<p>{{ request.GET.q|safe }}</p>\n", "<p>{{ request.GET.q }}</p>\n"),
    "hub-autoescape-off": (PAGE, "{% autoescape off %}{{ name }}{% endautoescape %}\n", "{{ name }}\n"),
    "hub-inline-script": (PAGE, '<button onclick="go()">Go</button>\n', "<button>Go</button>\n"),
}
