"""URLs of the development mailbox."""

from django.urls import path

from campaign.mail.devmailbox import views

app_name = "mail"
urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", views.mailbox_message, name="mailbox-message"),
]
