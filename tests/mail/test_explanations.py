"""Explanations for organisers of why a message was not sent."""

import pytest

from campaign.mail.explanations import explain

EXPLANATIONS = {
    "": "",
    "SMTPRecipientsRefused 550 5.1.1": "The mail server says that this mailbox does not exist (550 5.1.1)",
    "SMTPRecipientsRefused 550": "The mail server refuses this mailbox, which probably does not exist (550)",
    "SMTPRecipientsRefused 550 5.1.0": "The mail server refuses the address (550 5.1.0)",
    "SMTPRecipientsRefused 552 5.2.2": "The mail server says that the mailbox is full (552 5.2.2)",
    "SMTPRecipientsRefused 450 4.2.99": "The mail server says that there is a problem with the mailbox (450 4.2.99)",
    "SMTPRecipientsRefused 451": "The mail server asks us to try again later (451)",
    "SMTPRecipientsRefused 571": "The mail server refused the message (571)",
    "SMTPRecipientsRefused": (
        "The mail server gave an answer that this site does not understand (SMTPRecipientsRefused)"
    ),
    "SMTPDataError 250": "The mail server gave an answer that this site does not understand (250)",
    "SMTPDataError 550": "The mail server refused the message (550)",
    "SMTPDataError 554 5.7.1": "The mail server’s rules do not allow this message, at least for now (554 5.7.1)",
    "mail server: SMTPSenderRefused 550 5.7.1": (
        "The mail server refuses the address that this site sends from (550 5.7.1)"
    ),
    "mail server: SMTPSenderRefused 421 4.3.2": "The mail server says that the problem is at its end (421 4.3.2)",
    "mail server: SMTPSenderRefused 530 5.7.0": (
        "The mail server wants this site to sign in, or has rejected its password (530 5.7.0)"
    ),
    "mail server: SMTPServerDisconnected": "The mail server hung up",
    "unusable address": "The stored address is not a usable e-mail address",
    "unknown kind": "Waiting for the newer version of this site that queued it",
    "unfinished": "Being sent now, or interrupted",
    "UnicodeError": "The site itself has a fault: show this to the person who looks after the server (UnicodeError)",
    # Whatever any version has stored, the list must not break.
    "Base64Error 1": "The site itself has a fault: show this to the person who looks after the server (Base64Error 1)",
    "550": "The site itself has a fault: show this to the person who looks after the server (550)",
}


@pytest.mark.parametrize(("problem", "words"), EXPLANATIONS.items())
def test_a_problem_is_explained_in_plain_words_with_its_codes(problem, words):
    assert explain(problem) == words
