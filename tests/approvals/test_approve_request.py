"""Approving on the server, for a site with one organiser."""

import pytest
from django.core.management import CommandError, call_command

from campaign.approvals.models import ApprovalRequest


def test_it_lists_what_waits(asked, capsys):
    request = asked(6)
    call_command("approve_request")

    line = capsys.readouterr().out
    assert line.startswith(f"{request.pk}: Withdraw signatures")
    assert "6 people, requested by ada: They rang us." in line


def test_it_approves_once_the_number_is_repeated(asked, capsys):
    request = asked(6)
    with pytest.raises(CommandError, match="add --people 6"):
        call_command("approve_request", request.pk)
    call_command("approve_request", request.pk, people=6)

    request.refresh_from_db()
    assert (request.state, request.approved_by) == ("agreed", None)


def test_it_refuses_what_does_not_wait(asked):
    with pytest.raises(CommandError, match="No request"):
        call_command("approve_request", asked(1).pk, people=1)


def test_a_request_of_a_kind_that_this_version_does_not_know_is_left_out(asked, capsys):
    ApprovalRequest.objects.filter(pk=asked(6).pk).update(kind="news.send")
    call_command("approve_request")

    assert capsys.readouterr().out == ""
