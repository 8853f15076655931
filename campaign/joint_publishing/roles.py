"""The roles that may approve what others publish. Each also needs permission to change the content itself."""

from campaign.roles import EDITOR, EVENTS, TREASURER

for role in (EDITOR, EVENTS, TREASURER):
    role.may("joint_publishing.approve_publishing")
