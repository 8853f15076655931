"""URLs of communities."""

from django.urls import path

from actions.communities.views import complaints, joining, manage, plan

app_name = "communities"
urlpatterns = [
    path("", plan.index, name="index"),
    path("list/", plan.listed, name="list"),
    path("materials.zip", plan.materials, name="materials"),
    path("download.<str:kind>", plan.download, name="download"),
    path("join/", joining.join, name="join"),
    path("join/check-your-email/", joining.inbox, name="inbox"),
    path("join/send-again/", joining.send_again, name="send-again"),
    path("joined/", joining.joined, name="joined"),
    path("confirm/<str:token>/", joining.confirm, name="confirm"),
    path("contact/confirm/<str:token>/", manage.contact, name="contact"),
    path("our-entry/", manage.ask, name="ask"),
    path("manage/<str:token>/", manage.manage, name="manage"),
    path("unsubscribe/<str:token>/", joining.unsubscribe, name="unsubscribe"),
    path("complain/", complaints.complain, name="complain"),
]
