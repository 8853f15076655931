"""URLs of businesses."""

from django.urls import path

from actions.businesses import views
from actions.businesses.asking import views as asking

app_name = "businesses"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.brand, name="brand"),
    path("<slug:slug>/ask/", asking.ask, name="ask"),
    path("<slug:slug>/ask/download.<str:kind>", asking.ask_download, name="ask-download"),
]
