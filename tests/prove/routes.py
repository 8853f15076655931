"""Every route of the site, read from the URLconf so that new pages are covered automatically."""

import re

from django.urls import URLPattern, get_resolver


def routes(resolver=None, prefix="", namespaces=()):
    """Yield each route as its name with namespaces and its whole pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or ""]), route
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from routes(pattern, route, (*namespaces, *inner))


def build_path(route, value_of):
    """Return the path of a route, with each parameter (`<slug:name>` or a group) replaced by `value_of(name)`."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: value_of(match[1]), route)
    groups = iter(["object_id", "version_id"])
    path = re.sub(r"\([^()?][^()]*\)", lambda _match: value_of(next(groups, "version_id")), path)
    return "/" + re.sub(r"\(\?P\w*\)?|[$^\\]", "", path)


def is_admin(route):
    """Return whether a route belongs to the admin."""
    return route.startswith("admin/")
