"""What each role may do with protests."""

from campaign.roles import EVENTS

EVENTS.manages("protests.protest", "protests.protestchange")
