"""Sealed names in the admin: the page that works offline, and tests of the key."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from campaign.modeladmin import ReadOnlyAdmin, organiser
from campaign.privacy.sealing import organisers_key
from campaign.sealing import offline_page
from campaign.sealing.forms import PhraseForm
from campaign.sealing.models import RestoreTest, key_in_use

PERMISSION = "sealing.test_key"


@admin.register(RestoreTest)
class RestoreTestAdmin(ReadOnlyAdmin):
    """Tests of the organisers' key. Names are sealed only once one has been passed."""

    empty_message = _("The key has not been tested yet. The text above says how to begin.")
    change_list_template = "admin/sealing/tests.html"
    change_form_template = "admin/sealing/test.html"
    list_display = ["made_at", "passed_at", "passed_by", "public_key"]
    list_select_related = ["passed_by"]
    fields = ["made_at", "public_key", "passed_at", "by"]

    @admin.display(description=_("by"))
    def by(self, test: RestoreTest) -> str:
        """Return the organiser's name, without Django's link to an account that only owners may open."""
        return str(test.passed_by or "")

    def get_urls(self) -> list[URLPattern]:
        begin = self.admin_site.admin_view(require_POST(self.begin))
        finish = self.admin_site.admin_view(require_POST(self.finish))
        download = self.admin_site.admin_view(require_safe(self.download))
        own = [
            path("begin/", begin, name="sealing_begin"),
            path("page/", download, name="sealing_page"),
            path("<int:pk>/finish/", finish, name="sealing_finish"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"title": _("Sealed names"), "key": settings.SEALING_KEY, "is_on": key_in_use() is not None}
        return super().changelist_view(request, (extra_context or {}) | context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, {"phrase_form": PhraseForm()} | (extra_context or {}))

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Begin a test of the site's key, and show its box."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = organisers_key()
        if key is None:
            self.message_user(request, _("This site has no key yet."), messages.ERROR)
            return redirect("admin:sealing_restoretest_changelist")
        return redirect("admin:sealing_restoretest_change", RestoreTest.begin(key).pk)

    def finish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compare what was typed with the phrase in the box."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        test, form = get_object_or_404(RestoreTest, pk=pk), PhraseForm(request.POST)
        if form.is_valid() and test.finish(form.cleaned_data["phrase"], organiser(request), timezone.now()):
            self.message_user(request, _("That is right: the key opens what is sealed."), messages.SUCCESS)
            return redirect("admin:sealing_restoretest_changelist")
        self.message_user(request, _("That is not the phrase in the box."), messages.ERROR)
        return redirect("admin:sealing_restoretest_change", pk)

    def download(self, request: HttpRequest) -> HttpResponse:
        """Return the page that works offline, as a file to save."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        headers = {"Content-Disposition": f'attachment; filename="{offline_page.NAME}"'}
        return HttpResponse(offline_page.page(), content_type="text/html; charset=utf-8", headers=headers)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PERMISSION)
