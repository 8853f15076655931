"""URLs of businesses."""

from django.urls import path

from actions.businesses.asking import views as asking
from actions.businesses.complaints import views as complaints
from actions.businesses.offers import views as offers
from actions.businesses.replies import views as replies
from actions.businesses.tracker import cards, data, views

app_name = "businesses"
urlpatterns = [
    path("", views.index, name="index"),
    path("endorse/", offers.endorse, name="endorse"),
    path("endorse/check-your-email/", offers.check_your_email, {"kind": "endorse"}, name="endorse-check-your-email"),
    path("endorse/send-again/", offers.send_again, {"kind": "endorse"}, name="endorse-send-again"),
    path("commit/", offers.commit, name="commit"),
    path("commit/check-your-email/", offers.check_your_email, {"kind": "commit"}, name="commit-check-your-email"),
    path("commit/send-again/", offers.send_again, {"kind": "commit"}, name="commit-send-again"),
    path("confirmed/", offers.confirmed, name="confirmed"),
    path("confirm/<str:token>/", offers.confirm, name="confirm"),
    path("manage/<str:token>/", replies.manage, name="manage"),
    path("unsubscribe/<str:token>/", offers.unsubscribe, name="unsubscribe"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("endorsements/", views.endorsements, name="endorsements"),
    path("tracker.csv", data.tracker_csv, name="tracker-csv"),
    path("tracker.json", data.tracker_json, name="tracker-json"),
    path("changes.xml", data.changes, name="changes"),
    path("<slug:slug>/", views.brand, name="brand"),
    path("<slug:slug>/card/", cards.card, name="card"),
    path("<slug:slug>/ask/", asking.ask, name="ask"),
    path("<slug:slug>/ask/download.<str:kind>", asking.ask_download, name="ask-download"),
    path("<slug:slug>/complain/", complaints.complain, name="complain"),
]
