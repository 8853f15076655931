"""Admin lists that only some organisers may search by e-mail address."""

from typing import Any
from unicodedata import normalize

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest


class FindsAddresses:
    """A mixin that lets only organisers with the list's permission search it by e-mail address or domain.

    A row that is found reveals something about a person, even though the list shows no address. The ModelAdmin has to
    call `may_search` first in `get_search_results`.
    """

    address_permission: str
    search_help_without_addresses: Any

    def may_find_addresses(self, request: HttpRequest) -> bool:
        """Return whether this organiser may search by address."""
        return request.user.has_perm(self.address_permission)

    def may_search(self, request: HttpRequest, term: str) -> bool:
        """Return whether this organiser may search for this term."""
        return not may_be_address(term) or self.may_find_addresses(request)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list, with a hint beside the search box that says what this organiser can search for."""
        changes: ChangeList = super().get_changelist_instance(request)  # type: ignore[misc]
        if not self.may_find_addresses(request):
            changes.search_help_text = self.search_help_without_addresses
        return changes


def may_be_address(term: str) -> bool:
    """Return whether a search term may be an e-mail address or a mail domain, even with a full-width "@"."""
    return "@" in normalize("NFKC", term)
