"""URLs of protests."""

from django.urls import path

from actions.protests import views

app_name = "protests"
urlpatterns = [
    path("", views.index, name="index"),
    path("calendar.ics", views.all_dates, name="calendar"),
    path("<slug:slug>.ics", views.ics, name="ics"),
    path("<slug:slug>/", views.protest, name="protest"),
    path("<slug:slug>/poster.pdf", views.poster, name="poster"),
    path("<slug:slug>/share.png", views.picture, name="picture"),
]
