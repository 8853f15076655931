"""A bare Django view with the queries of the pledge's page, and its URLconf."""

import os

from django.http import HttpResponse
from django.urls import path

from pledges.models import Pledge


def two_queries(request):
    """Return the pledge and its newest names, without middleware, template or form."""
    pledge = Pledge.objects.published().with_count().get(slug=os.environ["BENCH_PLEDGE"])
    names = list(pledge.signatures.latest_names())
    content = f"{pledge.title} {pledge.count} {names}".encode()
    return HttpResponse(content, headers={"Content-Length": len(content)})


urlpatterns = [path("bare/", two_queries), path("", two_queries)]  # "/" is what the server warms up with
