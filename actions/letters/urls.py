"""URLs of letters."""

from django.urls import path

from actions.letters import views
from actions.letters.models import FIND_YOUR_MP

app_name = "letters"
urlpatterns = [
    path("", views.index, name="index"),
    path(f"{FIND_YOUR_MP}/", views.find_your_mp, name="find-your-mp"),
    path("<slug:slug>/", views.letter, name="letter"),
    path("<slug:slug>/sent/", views.sent, name="sent"),
    path("<slug:slug>/areas/", views.areas, name="areas"),
    path("<slug:slug>/areas/largest/", views.areas, {"largest_first": True}, name="areas-largest"),
    path("<slug:slug>/download.<str:kind>", views.download, name="download"),
]
