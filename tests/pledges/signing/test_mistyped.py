"""An address that looks mistyped: the form asks once whether another was meant."""

import re

import pytest

from campaign.mail.models import Message
from pledges.models import Signature

SLIP, MEANT = "ruth@gmial.com", "ruth@gmail.com"


@pytest.fixture
def shown(sign):
    """Post the form with some answers changed; give the page that comes back."""

    def page(**changes):
        response = sign(**changes)
        assert response.status_code == 200
        return response.content.decode()

    return page


def value_of(page, name):
    return re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', page)[1]


def test_a_mistyped_address_is_asked_about_and_nothing_is_stored_or_changed(shown):
    page = shown(email=SLIP)

    assert f'Did you mean <strong dir="ltr">{MEANT}</strong>?' in page
    assert value_of(page, "email") == SLIP
    assert value_of(page, "name") == "Ruth Feldman"
    assert not Signature.objects.exists()
    assert not Message.objects.exists()


def test_a_question_alone_is_no_error_and_gets_the_focus(shown):
    page = shown(email=SLIP)

    assert "There is a problem" not in page
    assert "aria-invalid" not in page
    assert re.search(r"<title>\s*Question: ", page)
    assert "autofocus" in re.search(r'<div class="question"[^>]*>', page)[0]


def test_with_an_error_beside_it_the_summary_has_the_error_alone_and_the_focus(shown):
    page = shown(email=SLIP, agree="")
    summary = page[page.index('class="error-summary"') : page.index("</ul>", page.index('class="error-summary"'))]

    assert re.findall(r'href="#(\w+)"', summary) == ["id_agree"]
    assert page.count("autofocus") == 1
    assert "Did you mean" in page


def test_what_is_no_address_is_not_asked_about(shown):
    page = shown(email="ruth feldman@gmial.com")

    assert "Enter an e-mail address like" in page
    assert "Did you mean" not in page


def test_one_button_takes_what_is_suggested(sign):
    assert sign(email=SLIP, email_as_typed=SLIP, email_choice=MEANT).status_code == 302
    assert Signature.objects.get().email == MEANT


def test_the_ordinary_button_keeps_what_was_typed(shown, sign):
    asked = value_of(shown(email=SLIP), "email_as_typed")

    assert sign(email=SLIP, email_as_typed=asked).status_code == 302
    assert Signature.objects.get().email == SLIP


def test_the_first_button_of_the_form_changes_nothing_because_enter_presses_it(shown):
    page = shown(email=SLIP)
    buttons = re.findall(r'<button type="submit"[^>]*>', page)

    assert "email_choice" not in buttons[0]
    assert f'name="email_choice" value="{MEANT}"' in re.sub(r"\s+", " ", buttons[1])


def test_it_is_asked_once_though_another_answer_is_wrong(shown):
    page = shown(email=SLIP, email_as_typed=SLIP, agree="")

    assert "Did you mean" not in page
    assert value_of(page, "email_as_typed") == SLIP


def test_a_choice_is_kept_though_another_answer_is_wrong(shown):
    page = shown(email=SLIP, email_as_typed=SLIP, email_choice=MEANT, agree="")

    assert "Did you mean" not in page
    assert value_of(page, "email") == MEANT


def test_another_slip_is_asked_about_anew(shown):
    page = shown(email="ruth@hotmial.com", email_as_typed=SLIP)

    assert ">ruth@hotmail.com</strong>?" in page
    assert value_of(page, "email_as_typed") == "ruth@hotmial.com"


@pytest.mark.parametrize("choice", ["eve@example.org", "ruth@gmail.com\x00", "", "<script>"])
def test_a_choice_that_was_not_offered_is_not_taken(shown, choice):
    assert value_of(shown(email=SLIP, email_choice=choice), "email") == SLIP


def test_a_choice_does_not_override_an_address_that_was_corrected_by_hand(sign):
    sign(email="ruth@example.org", email_as_typed=SLIP, email_choice=MEANT)

    assert Signature.objects.get().email == "ruth@example.org"


def test_the_address_is_in_no_link_and_no_form_action(shown):
    assert not re.search(r'(href|action|src)="[^"]*gm[ia]+l', shown(email=SLIP))


def test_an_address_that_is_not_in_doubt_is_not_asked_about(sign):
    assert sign(email="ruth@synagogue.org.uk").status_code == 302


def test_what_is_typed_is_shown_as_text(shown):
    page = shown(email="x&lt=y@gmial.com")

    assert "Did you mean" in page
    assert "x&lt=y@" not in page
    assert "x&amp;lt=y@gmail.com" in page


@pytest.mark.parametrize("typed", [f"{SLIP}\u200b", " ｒuth@gmial.com", "ruth@GMIAL.com"])
def test_the_question_and_either_answer_are_about_the_one_form_of_what_was_typed(shown, sign, typed):
    page = shown(email=typed)
    assert f'<strong dir="ltr">{MEANT}</strong>' in page
    assert value_of(page, "email_as_typed") == SLIP

    sign(email=typed, email_as_typed=SLIP, email_choice=MEANT)
    sign(email=typed, email_as_typed=SLIP)
    assert {signature.email for signature in Signature.objects.all()} == {MEANT, SLIP}
