"""Addresses of pledges. The words in the first group can't be a pledge's name in the address."""

from django.urls import path

from pledges import self_service, spreading, views

app_name = "pledges"
urlpatterns = [
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("unsubscribe/<str:token>/", self_service.unsubscribe, name="unsubscribe"),
    path("manage/<str:token>/", self_service.manage, name="manage"),
    path("<slug:slug>/", views.sign, name="sign"),
    path("<slug:slug>/my-signature/", self_service.ask, name="ask"),
    path("<slug:slug>/check-your-email/", views.check_your_email, name="check-your-email"),
    path("<slug:slug>/send-again/", views.send_again, name="send-again"),
    path("<slug:slug>/signatories/", views.signatories, name="signatories"),
    path("<slug:slug>/organisations/", views.organisations, name="organisations"),
    path("<slug:slug>/areas/", views.areas, name="areas"),
    path("<slug:slug>/over-time/", views.over_time, name="over-time"),
    path("<slug:slug>/ledger.csv", views.ledger, name="ledger"),
    path("<slug:slug>/count.json", views.count, name="count"),
    path("<slug:slug>/share/", spreading.share, name="share"),
    path("<slug:slug>/share.png", spreading.picture, name="picture"),
    path("<slug:slug>/qr.svg", spreading.qr, name="qr"),
    path("<slug:slug>/poster.pdf", spreading.poster, name="poster"),
    path("<slug:slug>/badge/", spreading.badge, name="badge"),
]
