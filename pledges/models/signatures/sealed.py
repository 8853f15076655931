"""New answers from signers, in place of sealed ones that nobody on the server can read."""

from typing import TYPE_CHECKING

from pledges import signer_names

if TYPE_CHECKING:
    from pledges.models.signatures.signature import Signature


def enter_name(signature: "Signature", name: str) -> None:
    """Set the name, or keep the sealed one if it is empty. Saves nothing."""
    if name or not signature.sealed_name:
        signature.name, signature.name_hash = name, signer_names.name_hash(name)
        signature.sealed_name = None


def enter_address(signature: "Signature", address: str | None) -> None:
    """Set the address for news, if it is wanted and the stored one is sealed or missing. Saves nothing."""
    if signature.updates and address and not signature.email:
        signature.email, signature.sealed_email = address, None
