"""Subject access requests in the admin: organisers with permission create files, and see who created earlier ones."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.modeladmin import ReadOnlyAdmin, organiser
from campaign.subject_access.forms import SubjectAccessForm
from campaign.subject_access.models import SubjectAccess

PERMISSION = "subject_access.answer_subject_access"
FILE_NAME = "what-we-hold.html"


@admin.register(SubjectAccess)
class SubjectAccessAdmin(ReadOnlyAdmin):
    """Answers, for organisers with permission. The address is sent by POST, so that it is never part of a URL."""

    empty_message = _(
        "Nobody has asked yet what we hold about them. When somebody does, add a request: you get a file to send them."
    )
    form = SubjectAccessForm
    add_form_template = "admin/subject_access/ask.html"
    list_display = ["at", "organiser", "reason"]
    list_select_related = ["organiser"]
    readonly_fields = ["made_by"]

    def get_fields(self, request: HttpRequest, obj: SubjectAccess | None = None) -> tuple[str, ...]:
        return ("at", "made_by", "reason") if obj else ("email", "reason")

    @admin.display(description=_("organiser"))
    def made_by(self, access: SubjectAccess) -> str:
        """Return the organiser's name, without Django's link to an account that only owners may open."""
        return str(access.organiser)

    def save_model(self, request: HttpRequest, access: SubjectAccess, form: Any, change: bool) -> None:
        access.file = access.answer(form.cleaned_data["email"], organiser(request), timezone.now())

    def response_add(
        self, request: HttpRequest, access: SubjectAccess, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Return the file, which says if we hold nothing."""
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return HttpResponse(access.file, content_type="text/html; charset=utf-8", headers=headers)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: SubjectAccess | None = None) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)
