"""The outbox in the admin: organisers see that messages are sent, but never the recipients."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaign.audit.acts import Act
from campaign.email_addresses.parsing import usable_address
from campaign.mail.explanations import explain
from campaign.mail.kinds import NAMES
from campaign.mail.models import Message, MessageQuerySet, SuppressedAddress
from campaign.modeladmin import HubModelAdmin, ReadOnlyAdmin, mentions

MAX_AT_ONCE = 1000
PERMISSION = "mail.change_message"
FIND = "mail.find_suppressed_address"


class KindFilter(admin.SimpleListFilter):
    """Filters by kind of message, offering the name of every kind that this version knows."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return sorted(((kind, str(name)) for kind, name in NAMES.items()), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Messages that are waiting, sent or given up. Organisers can send given-up messages again."""

    empty_message = _(
        "No messages yet. The first appears here when somebody signs a pledge; messages are deleted after a month."
    )
    list_display = ["kind_in_words", "created_at", "outcome", "reason", "next_attempt"]
    list_filter = ["outcome", KindFilter]
    fields = readonly_fields = (
        *("kind_in_words", "created_at", "outcome", "reason", "attempts", "first_tried_at", "trying_since"),
        *("next_attempt", "done_at", "problem", "id", "object_id"),
    )
    actions = ["send_again"]

    def screens_about(self, request: HttpRequest, term: str) -> Iterator[tuple[str, str]]:
        """Yield the usual screens, and the list of messages of each kind whose name contains the term."""
        yield from super().screens_about(request, term)
        url = reverse("admin:mail_message_changelist")
        for kind, name in NAMES.items():
            if mentions(str(name), term):
                yield f"{capfirst(self.opts.verbose_name_plural)}: {name}", f"{url}?{urlencode({'kind': kind})}"

    @admin.display(description=_("kind"), ordering="kind")
    def kind_in_words(self, message: Message) -> str:
        return message.get_kind_display()

    @admin.display(description=_("next attempt"), ordering="due_at")
    def next_attempt(self, message: Message) -> datetime | str:
        return "–" if message.done_at else message.due_at

    @admin.display(description=_("what went wrong"))
    def reason(self, message: Message) -> str:
        return explain(message.problem)

    @admin.action(description=_("Send selected messages again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: MessageQuerySet) -> None:
        """Queue the selected messages that were given up, log each one, and explain why any others were left out."""
        selected, keys = queryset.count(), list(queryset.given_up().values_list("pk", flat=True)[:MAX_AT_ONCE])
        given_up = Message.objects.filter(pk__in=keys).given_up()
        for message in given_up:
            self.audit(request, Act.SEND_AGAIN, message)
        count = given_up.send_again(timezone.now())
        report = ngettext("%(count)s message will be sent again.", "%(count)s messages will be sent again.", count)
        self.message_user(request, report % {"count": count}, messages.SUCCESS)
        if count < selected:
            reason = _("Only messages that were given up can be sent again, at most %(limit)s at a time.")
            self.message_user(request, reason % {"limit": MAX_AT_ONCE}, messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        """Return whether the list offers its action: individual messages can't be edited."""
        return obj is None and request.user.has_perm(PERMISSION)


@admin.register(SuppressedAddress)
class SuppressedAddressAdmin(HubModelAdmin):
    """Organisers with permission can search for a whole address, and delete the row that stops messages to it."""

    empty_message = _("We may write to everybody: nobody has asked us not to, and no message has bounced.")
    list_display = ["since", "reason"]
    list_filter = ["reason"]
    actions = None  # One at a time: deleting them all at once would let us write to everybody again.
    search_help_text = _("Enter a whole e-mail address.")
    fields = readonly_fields = ("reason", "since")

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Return no fields without permission to search, which hides the search box."""
        return ["since"] if request.user.has_perm(FIND) else []

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SuppressedAddress], search_term: str
    ) -> tuple[QuerySet[SuppressedAddress], bool]:
        if search_term and not request.user.has_perm(FIND):
            return queryset.none(), False
        if search_term:
            queryset &= SuppressedAddress.objects.of_address(usable_address(search_term))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
