"""Each role's permissions for protests."""

from campaign.roles import EVENTS

EVENTS.manages("protests.protest", "protests.place", "protests.schedule", "protests.protestchange")
