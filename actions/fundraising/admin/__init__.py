"""Appeals, funds, donations, payments and Gift Aid in the admin."""

from actions.fundraising.admin import appeals, donations, funds, gift_aid, payments  # noqa: F401 - they register themselves
