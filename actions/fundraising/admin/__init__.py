"""Appeals, funds, donations, payments and Gift Aid in the admin."""

from actions.fundraising.admin import appeals, donations, funds, payments  # noqa: F401 - they register themselves
from actions.fundraising.gift_aid import admin  # noqa: F401 - it registers itself
