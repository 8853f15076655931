"""The closed list of acts that the audit log records."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Act(models.TextChoices):
    """An act of an organiser or the site. The meaning of a code never changes, because old entries use it too."""

    ADD = "add", _("added")
    CHANGE = "change", _("changed")
    DELETE = "delete", _("deleted")
    PUBLISH = "publish", _("published a version")
    CALL_OFF = "call_off", _("called off a planned version")
    RESTORE = "restore", _("went back to an earlier version")
    BRING_BACK = "bring_back", _("brought back something deleted")
    EXPORT = "export", _("downloaded a list")
    LOOK_UP = "look_up", _("looked up a signature")
    SEE_NAMES = "see_names", _("looked at the names of people who are coming")
    SEE_ADDRESS = "see_address", _("looked at somebody’s e-mail address")
    SEE_SENDER = "see_sender", _("looked at who had sent a form about a brand")
    CHANGE_STATE = "change_state", _("changed the state of signatures")
    APPROVE_ORGANISATIONS = "approve_organisations", _("approved organisations for the public list")
    SHOW_DONATION = "show_donation", _("showed a donation in public")
    HIDE_DONATION = "hide_donation", _("hid a donation from the public")
    SEND_AGAIN = "send_again", _("sent a message again")
    CANCEL_DECLARATION = "cancel_declaration", _("cancelled a Gift Aid declaration")
    MARK_SENT = "mark_sent", _("marked as sent to HMRC")
    MARK_REPORTED = "mark_reported", _("marked as reported to HMRC")
    RUN_INVALIDATION = "run_invalidation", _("stopped, continued or undid a bulk invalidation")
    REQUEST = "request", _("requested approval")
    APPROVE = "approve", _("approved a request")
    UNDO = "undo", _("undid or refused a request")
    CARRY_OUT = "carry_out", _("carried out a request")
    SIGN_IN = "sign_in", _("signed in")
    FAIL_SIGN_IN = "fail_sign_in", _("failed to sign in")
    CHANGE_RIGHTS = "change_rights", _("changed somebody’s rights")
    MAKE_LINK = "make_link", _("made a sign-in link for somebody")
    REMOVE_FACTORS = "remove_factors", _("removed somebody’s second factor")
    HIDE_ALL_NAMES = "hide_all_names", _("hid all public names")
    SHOW_ALL_NAMES = "show_all_names", _("showed all public names again")
    HIDE_NAME = "hide_name", _("hid a public name")
    SHOW_NAME = "show_name", _("showed a public name again")
    SHOW_REASON = "show_reason", _("showed a reason for signing")
    REFUSE_REASON = "refuse_reason", _("decided not to show a reason for signing")
    APPROVE_COMMUNITY = "approve_community", _("approved a community")
    REMOVE_COMMUNITY = "remove_community", _("removed a community and erased its contact")
    WITHDRAW_FILE = "withdraw_file", _("withdrew a picture or a document for good")
    CHECK = "check", _("checked what another organiser had entered")
    PUBLISH_SENT = "publish_sent", _("published what a company had sent")
    REFUSE_SENT = "refuse_sent", _("decided not to publish what a company had sent")
    HIDE_ENTRY = "hide_entry", _("hid an entry about a brand while examining a complaint")
    SHOW_ENTRY = "show_entry", _("showed an entry about a brand again")
    ANSWER_COMPLAINT = "answer_complaint", _("answered a complaint about an entry")
    TEST_MAILING = "test_mailing", _("sent themselves a mailing as a test")
    STEER_MAILING = "steer_mailing", _("submitted, scheduled, paused, resumed or stopped a mailing")
    UPDATE_DATA = "update_data", _("started an update of postcodes and MPs")
    ACCEPT_LOSSES = "accept_losses", _("accepted what an update of postcodes or MPs would lose")
    TEST_KEY = "test_key", _("tested the key for sealed names")
    REDACT = "redact", _("redacted an entry of this log")


def act_choices() -> list[tuple[str, Any]]:
    """Return the acts with their names. The field refers to this function, so that a new act needs no migration."""
    return Act.choices
