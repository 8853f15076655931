"""What operators see of a running site without seeing its visitors: log lines, metrics, and the machine."""
