"""URLs of businesses."""

from django.urls import path

from actions.businesses import views

app_name = "businesses"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.brand, name="brand"),
]
