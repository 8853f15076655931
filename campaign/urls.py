"""The URLs of the site. Content pages come last: they may have any address that is still free."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from campaign.editing.views import draft
from campaign.media.views import media
from campaign.pages.updates.views import feed
from campaign.pages.views import download, page
from campaign.places.views import data_notes
from campaign.search.views import search
from campaign.views import empty_sections, errors, health, home, site_files  # noqa: F401 - one registers a check

handler500 = errors.server_error
urlpatterns = [
    path("", home.home, name="home"),
    path("pledges/<slug:slug>/thank-you/", home.thank_you, name="thank-you"),
    path("pledges/", include("pledges.urls")),
    path("letters/", include("actions.letters.urls")),
    path("protests/", include("actions.protests.urls")),
    path("businesses/", include("actions.businesses.urls")),
    path("community/", include("actions.communities.urls")),
    path("news/", include("campaign.news.urls")),
    path("", include("actions.fundraising.urls")),
    path("webhooks/mail/", include("campaign.bounces.urls")),
    path("admin/", admin.site.urls),
    path("drafts/<str:token>/", draft, name="draft"),
    path("accounts/", include("campaign.accounts.urls")),
    path("media/<str:key>/<str:name>", media, name="media"),
    path("search/", search, name="search"),
    path("data-notes/", data_notes, name="data-notes"),
    path("updates/", include("campaign.pages.updates.urls")),
    path("feed.xml", feed, name="feed"),
    path("sitemap.xml", site_files.sitemap, name="sitemap"),
    path("robots.txt", site_files.robots, name="robots"),
    path(".well-known/security.txt", site_files.security_txt, name="security-txt"),
    path("favicon.ico", site_files.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
if settings.DEBUG:
    urlpatterns += [path("dev/", include("campaign.mail.devmailbox.urls"))]
urlpatterns += [
    path("<slug:slug>/", page, name="page"),
    path("<slug:slug>/download.<str:kind>", download, name="page-download"),
]
