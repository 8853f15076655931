"""A bare Django view with the queries of the pledge's page, and its address."""

import os

from django.http import HttpResponse
from django.urls import path

from pledges.models import Pledge


def two_queries(request):
    """A Django view without middleware, template or form: the pledge, and the newest names."""
    pledge = Pledge.objects.published().with_count().get(slug=os.environ["BENCH_PLEDGE"])
    names = list(pledge.signatures.latest_names())
    content = f"{pledge.title} {pledge.count} {names}".encode()
    return HttpResponse(content, headers={"Content-Length": len(content)})


urlpatterns = [path("bare/", two_queries)]
