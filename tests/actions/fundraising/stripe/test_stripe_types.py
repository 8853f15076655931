"""The check of our requests to Stripe finds errors."""

import pytest

from tests.stripe_types import nested, violations

SESSION = {
    "mode": "payment",
    "client_reference_id": "1",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "gbp",
    "line_items[0][price_data][unit_amount]": "1000",
    "line_items[0][price_data][product_data][name]": "Donation to us",
    "metadata[donation]": "1",
    "adaptive_pricing[enabled]": "false",
}


def check(**changes):
    return violations("POST", "/v1/checkout/sessions", SESSION | changes)


def test_a_valid_request_passes():
    assert check() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_method_types[0]": "card"},  # no longer accepted in this version
        {"made_up": "1"},
        {"line_items[0][price_data][product_data][title]": "x"},
        {"line_items[0][price_data][unit_amount]": "ten"},
        {"line_items": "1"},
        {"api_key": "sk_test_x"},
    ],
)
def test_unknown_and_invalid_parameters_are_found_at_any_depth(changes):
    assert check(**changes)


def test_missing_parameters_are_found():
    assert violations("POST", "/v1/checkout/sessions", {"line_items[0][price_data][unit_amount]": "1"})


def test_an_unknown_endpoint_is_found():
    assert violations("POST", "/v1/transfers", {})
    assert violations("DELETE", "/v1/subscriptions/sub_1", {})


def test_form_encoded_values_are_read_as_stripe_reads_them():
    assert nested({"a[0][b]": "1", "a[1][b]": "2", "c[d]": "3", "e": "4"}) == {
        "a": [{"b": "1"}, {"b": "2"}],
        "c": {"d": "3"},
        "e": "4",
    }
