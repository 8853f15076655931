"""Addresses of giving."""

from django.urls import path

from actions.fundraising import views, webhooks

app_name = "fundraising"
urlpatterns = [
    path("donate/", views.donate, name="donate"),
    path("donate/thanks/<uuid:pk>/", views.thanks, name="thanks"),
    path("go/<slug:slug>/", views.go, name="go"),
    path("webhooks/stripe/", webhooks.stripe_webhook, name="stripe-webhook"),
]
