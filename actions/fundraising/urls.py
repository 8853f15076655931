"""Addresses of giving."""

from django.urls import path

from actions.fundraising import views

app_name = "fundraising"
urlpatterns = [
    path("donate/", views.donate, name="donate"),
    path("go/<slug:slug>/", views.go, name="go"),
]
