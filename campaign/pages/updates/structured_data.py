"""The structured data on an update's page: a schema.org BlogPosting for search engines."""

from typing import Any

from django.conf import settings

from campaign.pages.models import Update


def posting(update: Update, organisation: str) -> dict[str, Any]:
    """Return the update as a schema.org BlogPosting. `organisation` is the campaign's name."""
    url = settings.SITE_URL + update.get_absolute_url()
    publisher = {"@type": "Organization", "name": organisation, "url": f"{settings.SITE_URL}/"}
    picture = update.first_picture()
    data = {
        "@type": "BlogPosting",
        "@id": url,
        "url": url,
        "headline": update.title,
        "description": update.summary,
        "inLanguage": update.language,
        "datePublished": update.posted_on.isoformat() if update.posted_on else "",
        "dateModified": update.updated_at.isoformat(),
        "author": {"@type": "Person", "name": update.author} if update.author else publisher,
        "publisher": publisher,
        "image": settings.SITE_URL + picture.share_url if picture else "",
    }
    return {name: value for name, value in data.items() if value}
