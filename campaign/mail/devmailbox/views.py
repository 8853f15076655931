"""The development mailbox. Its URLs exist only while DEBUG is on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaign.mail.devmailbox.backend import MAX_KEPT
from campaign.mail.models import DevMessage


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the messages that were sent, newest first."""
    return render(request, "mail/mailbox.html", {"messages": DevMessage.objects.all()[:MAX_KEPT]})


@require_safe
@never_cache
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message, with clickable links."""
    message = get_object_or_404(DevMessage, pk=pk)
    return render(request, "mail/mailbox_message.html", {"message": message})
