"""URLs of fundraising."""

from django.urls import path

from actions.fundraising import views
from actions.fundraising.gift_aid.views import gift_aid
from actions.fundraising.statements.views import ask_for_statement, statement
from actions.fundraising.stripe import webhooks

app_name = "fundraising"
urlpatterns = [
    path("donate/", views.donate, name="donate"),
    path("donate/thanks/<uuid:pk>/", views.thanks, name="thanks"),
    path("donate/gift-aid/<str:token>/", gift_aid, name="gift-aid"),
    path("donate/statement/", ask_for_statement, name="ask-for-statement"),
    path("donate/statement/<str:token>/", statement, name="statement"),
    path("go/<slug:slug>/", views.go, name="go"),
    path("webhooks/stripe/", webhooks.stripe_webhook, name="stripe-webhook"),
    # Also without the slash: Stripe doesn't follow redirects, so forgetting it in the dashboard would lose every event.
    path("webhooks/stripe", webhooks.stripe_webhook),
]
