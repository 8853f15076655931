"""The webhook for mail providers. It works without the trailing slash too: a redirect would lose the events."""

from django.urls import path

from campaign.bounces.views import mail_events

urlpatterns = [
    path("<slug:provider>/", mail_events, name="mail-events"),
    path("<slug:provider>", mail_events),
]
