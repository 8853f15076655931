"""URLs of news without signing."""

from django.urls import path

from campaign.news import leaving, views

app_name = "news"
urlpatterns = [
    path("", views.join, name="join"),
    path("check-your-email/", views.check_your_email, name="check-your-email"),
    path("send-again/", views.send_again, name="send-again"),
    path("confirmed/", views.confirmed, name="confirmed"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("never/<str:token>/", views.never, name="never"),
    path("unsubscribe/<str:token>/", leaving.unsubscribe, name="unsubscribe"),
    path("unsubscribe/<str:token>/never/", leaving.unsubscribe_for_good, name="unsubscribe-for-good"),
]
