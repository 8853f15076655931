"""URLs of protests."""

from django.urls import path

from actions.protests import views
from actions.protests.coming import views as coming

app_name = "protests"
urlpatterns = [
    path("", views.index, name="index"),
    path("calendar.ics", views.all_dates, name="calendar"),
    path("coming/confirm/<str:token>/", coming.confirm, name="coming-confirm"),
    path("coming/unsubscribe/<str:token>/", coming.drop_out, name="coming-drop-out"),
    path("coming/never/<str:token>/", coming.never, name="coming-never"),
    path("<slug:slug>.ics", views.ics, name="ics"),
    path("<slug:slug>/", views.protest, name="protest"),
    path("<slug:slug>/poster.pdf", views.poster, name="poster"),
    path("<slug:slug>/share.png", views.picture, name="picture"),
    path("<slug:slug>/coming/", coming.coming, name="coming"),
    path("<slug:slug>/coming/check-your-email/", coming.check_your_email, name="coming-check-your-email"),
    path("<slug:slug>/coming/send-again/", coming.send_again, name="coming-send-again"),
]
