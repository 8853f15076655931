"""The command that approves a request on the server, for a site with one organiser."""

import pytest
from django.core.management import CommandError, call_command

from campaign.approvals.models import ApprovalRequest


def test_waiting_requests_are_listed(request_withdrawal, capsys):
    request = request_withdrawal(6)
    call_command("approve_request")

    line = capsys.readouterr().out
    assert line.startswith(f"{request.pk}: Withdraw signatures")
    assert "6 people, requested by ada: They rang us." in line


def test_a_request_is_approved_when_the_number_is_repeated(request_withdrawal, capsys):
    request = request_withdrawal(6)
    with pytest.raises(CommandError, match="add --people 6"):
        call_command("approve_request", request.pk)
    call_command("approve_request", request.pk, people=6)

    request.refresh_from_db()
    assert (request.state, request.approved_by) == ("agreed", None)


def test_a_request_that_is_not_waiting_is_refused(request_withdrawal):
    with pytest.raises(CommandError, match="No request"):
        call_command("approve_request", request_withdrawal(1).pk, people=1)


def test_a_request_of_an_unknown_kind_is_left_out(request_withdrawal, capsys):
    ApprovalRequest.objects.filter(pk=request_withdrawal(6).pk).update(kind="news.send")
    call_command("approve_request")

    assert capsys.readouterr().out == ""
