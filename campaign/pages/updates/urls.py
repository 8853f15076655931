"""The URLs of updates."""

from django.urls import path

from campaign.pages.updates import views

urlpatterns = [
    path("", views.updates, name="updates"),
    path("<int:year>/", views.updates, name="updates-of-year"),
    path("<slug:slug>/", views.update, name="update"),
]
