"""Who looks after the protests."""

from campaign.roles import EVENTS

EVENTS.manages("protests.protest", "protests.protestchange")
