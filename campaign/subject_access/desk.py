"""Shortcuts on the desk to tasks about people's data."""

from django.utils.translation import gettext_lazy as lazy

from campaign.desk.registry import Group, offer

offer(
    Group.PEOPLE,
    (
        lazy("Answer a subject access request"),
        "subject_access_subjectaccess_add",
        "subject_access.answer_subject_access",
    ),
)
