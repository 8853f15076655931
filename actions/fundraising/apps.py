"""Fundraising: appeals on other sites and donations on this one."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from campaign.pages.embeds import Embeddable, embeddable
from campaign.search.registry import Searchable, searchable


class FundraisingConfig(AppConfig):
    """Fundraising: appeals on other sites and donations on this one."""

    name = "actions.fundraising"
    verbose_name = _("donations")

    def ready(self) -> None:
        from actions.fundraising import (  # noqa: F401
            approvals,
            desk,
            emails,
            holdings,
            metrics,
            notice_emails,
            retention,
            tasks,
        )
        from actions.fundraising.gift_aid import emails as gift_aid_emails  # noqa: F401
        from actions.fundraising.gift_aid import retention as gift_aid_retention  # noqa: F401
        from actions.fundraising.statements import emails as statement_emails  # noqa: F401
        from actions.fundraising.statements import retention as statement_retention  # noqa: F401
        from actions.fundraising.stripe import checks  # noqa: F401

        embeddable(Embeddable(_("Appeals"), "fundraising.appeal", "fundraising/_embed.html"))
        searchable(Searchable("fundraising.appeal", ("summary", "details"), {"demands": ("text",)}))
