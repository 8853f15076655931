"""An address that looks mistyped: the form asks once whether the signer meant another."""

import re

import pytest

from campaign.mail.models import Message
from pledges.models import Signature

TYPO, CORRECT = "ruth@gmial.com", "ruth@gmail.com"


@pytest.fixture
def page_after(sign):
    """Post the form with some answers changed; return the page that comes back."""

    def page(**changes):
        response = sign(**changes)
        assert response.status_code == 200
        return response.content.decode()

    return page


def field_value(page, name):
    return re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', page)[1]


def test_a_mistyped_address_prompts_a_question_and_nothing_is_stored_or_changed(page_after):
    page = page_after(email=TYPO)

    assert f'Did you mean <strong dir="ltr">{CORRECT}</strong>?' in page
    assert field_value(page, "email") == TYPO
    assert field_value(page, "name") == "Ruth Feldman"
    assert not Signature.objects.exists()
    assert not Message.objects.exists()


def test_the_question_alone_is_not_an_error_and_gets_the_focus(page_after):
    page = page_after(email=TYPO)

    assert "There is a problem" not in page
    assert "aria-invalid" not in page
    assert re.search(r"<title>\s*Question: ", page)
    assert "autofocus" in re.search(r'<div class="question"[^>]*>', page)[0]


def test_beside_the_question_the_error_summary_lists_errors_only_and_gets_the_focus(page_after):
    page = page_after(email=TYPO, agree="")
    summary = page[page.index('class="error-summary"') : page.index("</ul>", page.index('class="error-summary"'))]

    assert re.findall(r'href="#(\w+)"', summary) == ["id_agree"]
    assert page.count("autofocus") == 1
    assert "Did you mean" in page


def test_an_invalid_address_prompts_no_question(page_after):
    page = page_after(email="ruth feldman@gmial.com")

    assert "Enter an e-mail address like" in page
    assert "Did you mean" not in page


def test_one_button_accepts_the_suggestion(sign):
    assert sign(email=TYPO, email_as_typed=TYPO, email_choice=CORRECT).status_code == 302
    assert Signature.objects.get().email == CORRECT


def test_the_ordinary_button_keeps_the_address_as_typed(page_after, sign):
    as_typed = field_value(page_after(email=TYPO), "email_as_typed")

    assert sign(email=TYPO, email_as_typed=as_typed).status_code == 302
    assert Signature.objects.get().email == TYPO


def test_the_first_button_which_enter_presses_keeps_the_address(page_after):
    page = page_after(email=TYPO)
    buttons = re.findall(r'<button type="submit"[^>]*>', page)

    assert "email_choice" not in buttons[0]
    assert f'name="email_choice" value="{CORRECT}"' in re.sub(r"\s+", " ", buttons[1])


def test_the_question_is_asked_once_even_if_another_answer_is_wrong(page_after):
    page = page_after(email=TYPO, email_as_typed=TYPO, agree="")

    assert "Did you mean" not in page
    assert field_value(page, "email_as_typed") == TYPO


def test_the_choice_is_kept_even_if_another_answer_is_wrong(page_after):
    page = page_after(email=TYPO, email_as_typed=TYPO, email_choice=CORRECT, agree="")

    assert "Did you mean" not in page
    assert field_value(page, "email") == CORRECT


def test_another_typo_prompts_another_question(page_after):
    page = page_after(email="ruth@hotmial.com", email_as_typed=TYPO)

    assert ">ruth@hotmail.com</strong>?" in page
    assert field_value(page, "email_as_typed") == "ruth@hotmial.com"


@pytest.mark.parametrize("choice", ["eve@example.org", "ruth@gmail.com\x00", "", "<script>"])
def test_a_choice_that_was_not_offered_is_ignored(page_after, choice):
    assert field_value(page_after(email=TYPO, email_choice=choice), "email") == TYPO


def test_a_choice_does_not_override_an_address_corrected_by_hand(sign):
    sign(email="ruth@example.org", email_as_typed=TYPO, email_choice=CORRECT)

    assert Signature.objects.get().email == "ruth@example.org"


def test_no_link_or_form_action_contains_the_address(page_after):
    assert not re.search(r'(href|action|src)="[^"]*gm[ia]+l', page_after(email=TYPO))


def test_a_plausible_address_prompts_no_question(sign):
    assert sign(email="ruth@synagogue.org.uk").status_code == 302


def test_markup_in_the_address_is_shown_as_text(page_after):
    page = page_after(email="x&lt=y@gmial.com")

    assert "Did you mean" in page
    assert "x&lt=y@" not in page
    assert "x&amp;lt=y@gmail.com" in page


@pytest.mark.parametrize("typed", [f"{TYPO}\u200b", " ｒuth@gmial.com", "ruth@GMIAL.com"])
def test_the_question_and_both_answers_use_the_normalised_address(page_after, sign, typed):
    page = page_after(email=typed)
    assert f'<strong dir="ltr">{CORRECT}</strong>' in page
    assert field_value(page, "email_as_typed") == TYPO

    sign(email=typed, email_as_typed=TYPO, email_choice=CORRECT)
    sign(email=typed, email_as_typed=TYPO)
    assert {signature.email for signature in Signature.objects.all()} == {CORRECT, TYPO}
