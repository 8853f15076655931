"""Plausible answers to forms, and ways to corrupt them."""

from tests.prove import hostile

# What a person might type, by the last word of the control's name.
ANSWERS = {
    "address": "1 High Street\nLondon",
    "agree": "on",
    "as_of": "2026-11-22",
    "body": "Dear {{ mp.display_name }},\n\nWill you act?",
    "claim": "It is so.",
    "code": "ABCD2345",
    "constituency": "E14001265",
    "counted_on": "2026-11-22",
    "country": "GB",
    "dated": "1 May 2024",
    "display_name": "Ms Jane Doe",
    "email": "ruth@example.org",
    "end_time": "19:00",
    "first_on": "2026-01-06",
    "ga_address": "London",
    "ga_first_name": "Ada",
    "ga_house": "12",
    "ga_last_name": "Byron",
    "ga_postcode": "SW1Y 4JH",
    "html": "<p>Words.</p>",
    "label": "Go",
    "login": "grace",
    "name": "Ruth Feldman",
    "days": "6 December 2026",
    "new_on": "2026-11-25",
    "new_start": "6:30pm",
    "on": "2026-11-24",
    "organisation": "Us",
    "other_amount": "12.50",
    "own_words": "My grandmother came to London with one suitcase, and never forgot it.",
    "password": "three odd words",
    "payee": "Friends",
    "postcode": "nw3 7ux",
    "source": "A report",
    "start_time": "18:00",
    "statement": "We have seen enough.",
    "subject": "A question",
    "text": "Words.",
    "title": "A title",
    "url": "https://www.gofundme.com/f/x",
    "weekdays": "1",
    "why": "It counts.",
}
# Edge cases that a form may accept, and that pages must then cope with.
EDGE_CASES = [
    *("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31", "1000-06-15", "2026-11-22", "1900-01-01"),
    *("00:00", "00:00:01", "23:59:59", "23:59:59.999999", "0", "1", "2147483647", "32767", "10", "0.01", "9.99"),
    *("Pacific/Kiritimati", "Pacific/Niue", "UTC", "Europe/London", "Asia/Kathmandu", "GMT", "he", "ug", "zh-hans"),
    *(
        "https://www.gofundme.com/" + "a" * 400,
        "https://gofundme.com:8080/",
        "https://[::1]/",
        "#",
        "mailto:a@example.org",
    ),
    *(
        "3",
        "3, 4",
        "10000",
        " 5 ,6",
        "٣",
        "calendar",
        "find-your-mp",
        "0",
        "-",
        "_",
        "a" * 80,
        "<p></p>",
        "<ul><li></ul>",
    ),
    *(
        "a@example.org",
        "E14001265",
        "x" * 30,
        "x" * 100,
        "é" * 150,
        "\u202e",
        "👩‍👩‍👧",
        "a\tb",
        "a\x0bb",
        "#panic()",
        "a\x0bb",
        "#panic()",
        "{{ date }}",
        "{{}}",
        "word " * 60,
    ),
]


def plausible_answers(rng, controls):
    """Return plausible answers as pairs of name and value: of several choices, usually the current one."""
    pairs = []
    for name, values in controls.items():
        options = [value for value in values if value] or [ANSWERS.get(name.rpartition("-")[2], "")]
        count = 2 if name == "points" else 1
        pairs += [
            (name, value)
            for value in (options[:count] if rng.random() < 0.6 else rng.sample(options, min(count, len(options))))
        ]
    return pairs


def corrupted(rng, pairs, pool, text=hostile.text):
    """Return the answers with a few changed, removed, repeated, or added under another name from `pool`."""
    pairs = list(pairs)
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 8])):
        kind, name = rng.random(), rng.choice([name for name, _value in pairs] or pool)
        if kind < 0.6:
            pairs = [(one, value) for one, value in pairs if one != name] + [(name, text(rng))]
        elif kind < 0.75:
            pairs = [(one, value) for one, value in pairs if one != name]
        elif kind < 0.85:
            pairs.append((name, text(rng)))
        else:
            pairs.append((rng.choice([*pool, text(rng)[:200]]), text(rng)))
    return pairs


def edge_case(rng):
    """Return a value at the edge of what is allowed, or a hostile one."""
    return rng.choice(EDGE_CASES) if rng.random() < 0.8 else hostile.text(rng)


def with_extra_rows(rng, controls):
    """Return the controls of an admin form, with one more row in about half of its inline formsets."""
    result = {name: values for name, values in controls.items() if "__prefix__" not in name}
    for name in [name for name in controls if name.endswith("-TOTAL_FORMS")]:
        prefix, number = name.removesuffix("TOTAL_FORMS"), controls[name][0]
        if rng.random() < 0.5:
            rows = {one: values for one, values in controls.items() if one.startswith(f"{prefix}__prefix__")}
            result |= {one.replace("__prefix__", number): values for one, values in rows.items()}
            result[name] = [str(int(number) + bool(rows))]
    return result
