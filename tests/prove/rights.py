"""The permissions that each admin page and action requires, by the end of the page's name."""

from django.contrib import admin

from campaign.approvals.kinds import KINDS
from campaign.modeladmin import ReadOnlyAdmin
from tests.accounts import matrix

# Models with a single row, which can be added only while it doesn't exist.
ONLY_ONE = {"pages.sitesettings", "fundraising.donationsettings"}
# By the end of a page's name: the permissions that a GET and a POST require. A new page of a listed kind needs no line.
ENDS = {
    **dict.fromkeys(["changelist", "history", "choose", "filled_in"], ("view", "view")),
    **dict.fromkeys(["compare", "preview_page", "preview_card", "preview_text"], ("view", "view")),
    **dict.fromkeys(["change", "preview"], ("view", "change")),
    **dict.fromkeys(["order", "publish", "cancel", "restore", "hide_name"], ("change", "change")),
    **dict.fromkeys(["keep", "presence", "discard"], ("change", "change")),
    **dict.fromkeys(["month", "month_of", "months", "months_of"], ("view", "view")),
    **dict.fromkeys(["cancel_date", "move_date", "reinstate_date"], ("change", "change")),
    **dict.fromkeys(["add", "deleted", "keep_new", "discard_new"], ("add", "add")),
    **dict.fromkeys(["preview_new", "preview_new_page", "preview_new_card", "preview_new_text"], ("add", "add")),
    "delete": ("delete", "delete"),
}
# Pages that require other permissions.
SPECIAL = {
    "mailings_mailing_publish": {"mailings.change_mailing", "mailings.send_mailing"},
    "mailings_mailing_step": {"mailings.view_mailing", "mailings.send_mailing"},
    "mailings_mailing_copy": {"mailings.view_mailing", "mailings.add_mailing"},
    "pledges_pledge_trends": {"pledges.change_signature"},
    "pledges_pledge_erase": {"pledges.erase_signers"},
    "pledges_reason_decide": {"pledges.change_reason"},
    "pledges_export_download": {"pledges.export_signature"},
    "businesses_commitmentoffer_publish": {"businesses.check_entry"},
    "businesses_commitmentoffer_refuse": {"businesses.check_entry"},
    "businesses_companyreply_publish": {"businesses.check_entry"},
    "businesses_companyreply_refuse": {"businesses.check_entry"},
    "businesses_complaint_hide": {"businesses.handle_complaint"},
    "businesses_complaint_show": {"businesses.handle_complaint"},
    "businesses_complaint_answer": {"businesses.handle_complaint"},
    "pledges_lostmailbox_withdraw": {"pledges.handle_lostmailbox"},
    "protests_protest_coming": {"protests.view_protest"},
    "protests_protest_names": {"protests.view_protest", "protests.see_attendee_names"},
    "fundraising_fund_dashboard": {"fundraising.view_donation", "fundraising.view_payment"},
    "fundraising_payment_csv": {"fundraising.view_payment"},
    "fundraising_claim_make": {"fundraising.claim_gift_aid"},
    "fundraising_claim_download": {"fundraising.claim_gift_aid"},
    "fundraising_claim_sent": {"fundraising.claim_gift_aid"},
    "communities_community_decide": {"communities.change_community"},
    "approvals_lost_phone": {matrix.FOR_OWNERS},
    "approvals_withdraw_file": {"media.withdraw_file"},
    "audit_auditentry_redact": {"audit.redact_auditentry"},
    "public_names_hide": {"public_names.hide_names"},
    "public_names_show": {"public_names.hide_names"},
    **dict.fromkeys(["sealing_begin", "sealing_finish", "sealing_page"], {"sealing.test_key"}),
    **dict.fromkeys(
        ["businesses_brand_entries", "businesses_brand_new_entry", "businesses_entry_correct"],
        {"businesses.record_entry"},
    ),
    **dict.fromkeys(["businesses_entry_retract", "businesses_entry_delivered"], {"businesses.record_entry"}),
    **dict.fromkeys(
        ["businesses_entry_redact", "businesses_entry_deadline", "businesses_entry_letter"], {"businesses.decide_entry"}
    ),
    "businesses_entry_check": {"businesses.check_entry"},
    "businesses_brand_remove_examples": {"businesses.delete_brand"},
    "businesses_endorsement_check": {"businesses.check_endorsement"},
    "joint_publishing_end": {"joint_publishing.delete_jointkind"},
}
# Pages that every organiser may open: they show only what that organiser may see, or redirect.
FOR_ALL = {"index", "app_list", "search", "tour", "close-tour", "view_on_site", "autocomplete", "links_pages", "jsi18n"}
FOR_ALL |= {"login", "logout", "password_change", "password_change_done"}
# The permission that each action of a list requires.
ACTIONS = {
    **dict.fromkeys(["count", "reject", "hold", "approve_organisations", "withdraw"], "pledges.change_signature"),
    **dict.fromkeys(["show", "hide"], "fundraising.change_donation"),
    **dict.fromkeys(["mail_link", "make_link"], matrix.FOR_OWNERS),
    "cancel": "fundraising.change_declaration",
    "mark_reported": "fundraising.claim_gift_aid",
    "send_again": "mail.change_message",
    "approve": "communities.change_community",
    "mark_read": "communities.change_report",
    "mark_answered": "communities.change_complaint",
}


def parse(name):
    """Return the model of an admin page and the end of the page's name. Raises LookupError if no model matches."""
    for model in admin.site._registry:
        start = f"{model._meta.app_label}_{model._meta.model_name}_"
        if name.startswith(start):
            return model, name.removeprefix(start)
    raise LookupError(f"Say in tests/prove/rights.py what {name} takes.")


def may(promised, name, method):
    """Return whether these permissions are enough for a page. Raises LookupError if the page is of an unknown kind."""
    if name in FOR_ALL:
        return True
    if name in SPECIAL:
        return promised >= SPECIAL[name]
    model, end = parse(name)
    if end not in ENDS:
        raise LookupError(f"Say in tests/prove/rights.py what {name} takes.")
    label = model._meta.label_lower
    if label == matrix.BY_KIND:
        return not promised.isdisjoint(kind.permission for kind in KINDS.values())
    return needed(label, ENDS[end][method == "post"]) in promised


def needed(label, verb):
    """Return the permission required to do this to the rows of a model; no role has matrix.FOR_OWNERS."""
    app, _dot, model = label.partition(".")
    return matrix.GOVERNED.get(label) or (matrix.FOR_OWNERS if label == matrix.FOR_OWNERS else f"{app}.{verb}_{model}")


def must_open(name, method):
    """Return whether a page must open for everybody with its permission, even if it doesn't open for an owner."""
    if name in FOR_ALL or name in SPECIAL:
        return False
    model, end = parse(name)
    if model._meta.label_lower in {*matrix.GOVERNED, matrix.BY_KIND, matrix.FOR_OWNERS}:
        return False
    if model._meta.label_lower in ONLY_ONE and ENDS[end][0] == "add":
        return False
    model_admin = admin.site.get_model_admin(model)  # some rows can be changed only by actions
    return not (isinstance(model_admin, ReadOnlyAdmin) and model_admin.actions and (end, method) == ("change", "post"))
