"""The URLs of pledges. A pledge can't have the slug "confirm", "unsubscribe" or "manage"."""

from django.urls import path

from pledges.views import figures, lost_mailbox, manage, second, share, sign, signatories, wordings

app_name = "pledges"
urlpatterns = [
    path("confirm/<str:token>/", sign.confirm, name="confirm"),
    path("confirm/<str:token>/add/", second.second, {"find": second.by_confirmation}, name="confirm-add"),
    path("unsubscribe/<str:token>/", manage.unsubscribe, name="unsubscribe"),
    path("manage/<str:token>/", manage.manage, name="manage"),
    path("manage/<str:token>/second/", manage.manage, {"is_second": True}, name="manage-second"),
    path("manage/<str:token>/add/", second.second, {"find": second.by_manage_link}, name="manage-add"),
    path("<slug:slug>/", sign.sign, name="sign"),
    path("<slug:slug>/my-signature/", manage.ask, name="ask"),
    path("<slug:slug>/lost-mailbox/", lost_mailbox.lost_mailbox, name="lost-mailbox"),
    path("<slug:slug>/check-your-email/", sign.check_your_email, name="check-your-email"),
    path("<slug:slug>/send-again/", sign.send_again, name="send-again"),
    path("<slug:slug>/signatories/", signatories.signatories, name="signatories"),
    path("<slug:slug>/organisations/", signatories.organisations, name="organisations"),
    path("<slug:slug>/wordings/", wordings.wordings, name="wordings"),
    path("<slug:slug>/areas/", figures.areas, name="areas"),
    path("<slug:slug>/areas/largest/", figures.areas, {"largest_first": True}, name="areas-largest"),
    path("<slug:slug>/over-time/", figures.over_time, name="over-time"),
    path("<slug:slug>/ledger.csv", figures.ledger, name="ledger"),
    path("<slug:slug>/count.json", figures.count, name="count"),
    path("<slug:slug>/share/", share.share, name="share"),
    path("<slug:slug>/share.png", share.picture, name="picture"),
    path("<slug:slug>/qr.svg", share.qr, name="qr"),
    path("<slug:slug>/poster.pdf", share.poster, name="poster"),
    path("<slug:slug>/badge/", share.badge, name="badge"),
]
