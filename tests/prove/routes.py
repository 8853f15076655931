"""Every route of the site, read from the URLconf so that a new page is found by itself."""

import re

from django.urls import URLPattern, get_resolver


def routes(resolver=None, prefix="", namespaces=()):
    """Each route as its name with its namespaces, its whole pattern, and the names of its parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or ""]), route
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from routes(pattern, route, (*namespaces, *inner))


def filled_in(route, value_of):
    """The path of a route with each of its parameters, `<slug:name>` or a group, replaced by `value_of(name)`."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: value_of(found[1]), route)
    groups = iter(["object_id", "version_id"])
    path = re.sub(r"\([^()?][^()]*\)", lambda _found: value_of(next(groups, "version_id")), path)
    return "/" + re.sub(r"\(\?P\w*\)?|[$^\\]", "", path)


def is_organisers(route):
    """Whether a route is one of the admin."""
    return route.startswith("admin/")
