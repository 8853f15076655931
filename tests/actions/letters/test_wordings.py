"""Alternative wordings of a letter, and how similar it is to other letters."""

import re

from tests.actions.letters.conftest import URL, text_of, textarea


def words_of(client, answers):
    return textarea(text_of(client.post(URL, answers)))


def test_each_writer_gets_one_of_the_wordings_and_keeps_it(client, letter, answers):
    letter.points.update(other_wordings="Said otherwise.\r\n\r\n Said a third way. ")
    letter.asks.update(other_wordings="Would you act?")
    letter.wordings.create(part="opening", text="Dear {{ mp.salutation }},\n\nAnother opening.")
    letter.wordings.create(part="closing", text="With best wishes,\n\n{{ sender.name }}")
    letter.publish()
    texts = [words_of(client, answers | {"name": f"Writer {number}"}) for number in range(24)]

    parts = ("Fact 1", "Said otherwise.", "Said a third way.", "Another opening.", "I live in", "Would you", "Will you")
    assert all(0 < sum(part in text for text in texts) < len(texts) for part in parts)
    again = words_of(client, answers | {"name": "Writer 5", "own_words": "New."})
    assert again == texts[5].replace(answers["own_words"], "New.")


def test_the_download_has_the_same_wordings_as_the_preview(client, letter, answers):
    letter.points.update(other_wordings="\n".join(f"Wording {number}." for number in range(20)))
    letter.publish()
    parts = words_of(client, answers).split("\n\n")

    assert "\n\n".join(parts) in client.post(f"{URL}download.txt", answers).content.decode()


def test_the_similarity_falls_as_words_are_added(client, letter, answers):
    def percent(words):
        page = text_of(client.post(URL, answers | {"own_words": words}))
        return int(re.search(r'id="percent">(\d+)<', page)[1])

    few, many = percent("Yes."), percent(" ".join(f"Word {number} is mine alone." for number in range(40)))
    assert few > 50 > many


def test_the_preview_says_how_much_is_missing(client, letter, answers):
    page = text_of(client.post(URL, answers | {"own_words": "Yes."}))
    missing = int(re.search(r'id="missing">(\d+)<', page)[1])
    enough = "".join(f"{number:04}" for number in range(missing // 4 + 1))

    assert "Good: this is your own letter" in page.split('data-when="own" hidden')[1]
    assert 'data-when="own">' in text_of(client.post(URL, answers | {"own_words": f"Yes. {enough}"}))
