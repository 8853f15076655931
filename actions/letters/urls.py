"""Addresses of letters."""

from django.urls import path

from actions.letters import views

app_name = "letters"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.letter, name="letter"),
    path("<slug:slug>/download.<str:kind>", views.download, name="download"),
]
