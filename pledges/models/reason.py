"""Why public signers signed, in their own words. An organiser reads each reason before visitors see it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.audit.acts import Act
from campaign.audit.log import record as record_act
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.privacy.erasures import Erasure, record

if TYPE_CHECKING:
    from pledges.models.signatures.signature import Signature

MAX_REASON = 200
LATEST = 6


class ReasonQuerySet(models.QuerySet["Reason"]):
    """Queries for reasons."""

    def waiting(self) -> Self:
        """Return the reasons that no organiser has read yet, oldest first."""
        return self.filter(state=Reason.State.WAITING).order_by("written_at")

    def shown(self, pledge: Any) -> Self:
        """Return the reasons that visitors see, newest first: those approved, beside a name in the public list."""
        if not pledge.takes_reasons:
            return self.none()
        listed = pledge.signatures.listed().order_by()
        return self.filter(pledge=pledge, state=Reason.State.APPROVED, signature__in=listed).order_by("-decided_at")

    def newest(self, pledge: Any) -> list[tuple[str, str, str]]:
        """Return the six newest reasons that visitors see, with names and towns."""
        return list(self.shown(pledge).values_list("signature__public_name", "signature__public_town", "text")[:LATEST])

    def beside(self, pledge: Any, numbers: list[int]) -> dict[int, str]:
        """Return the reasons that visitors see, by the numbers of their signatures in the public list."""
        shown = self.shown(pledge).filter(signature__public_number__in=numbers)
        return dict(shown.values_list("signature__public_number", "text"))


class Reason(models.Model):
    """Why a public signer signed. It is deleted together with the name, or when the name is no longer public.

    The text stays encrypted. Visitors see it only while the name is listed and the pledge asks for reasons.
    """

    class State(models.TextChoices):
        """An organiser's decisions about a reason."""

        WAITING = "waiting", _("waiting to be read")
        APPROVED = "approved", _("shown")
        REFUSED = "refused", _("not shown")

    signature = models.OneToOneField(
        "pledges.Signature", models.CASCADE, related_name="reason", primary_key=True, verbose_name=_("signature")
    )
    pledge = models.ForeignKey(
        "pledges.Pledge", models.CASCADE, related_name="reasons", db_index=False, verbose_name=_("pledge")
    )
    text = EncryptedTextField(_("reason"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    written_at = models.DateTimeField(_("written"))
    decided_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for signing")
        verbose_name_plural = _("reasons for signing")
        indexes = [
            models.Index(fields=["written_at"], condition=models.Q(state="waiting"), name="reasons_waiting"),
            models.Index(fields=["state", "-written_at"], name="reasons_by_state"),
            models.Index(
                fields=["pledge", "-decided_at"], condition=models.Q(state="approved"), name="reasons_approved"
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @classmethod
    def write(cls, signature: "Signature", text: str) -> bool:
        """Store a public signer's reason. A changed reason has to be read again; "" deletes it.

        Lock the signature first. Return whether an earlier reason was replaced or deleted.
        """
        held = cls.objects.filter(pk=signature.pk).first()
        if text == ((held.text or "") if held else ""):
            return False
        now = timezone.now()
        if text:
            new = {"pledge_id": signature.pledge_id, "text": text, "state": cls.State.WAITING, "written_at": now}
            cls.objects.update_or_create(signature=signature, defaults=new | {"decided_at": None})
        elif held:
            held.delete()
        return held is not None

    @transaction.atomic
    def decide(self, organiser: User, state: str, seen: datetime) -> bool:
        """Show or refuse the reason as it was written at `seen` (aware), and record who decided.

        Return False if its signer has changed or removed it since, or if it is in this state already.
        """
        rows = Reason.objects.filter(pk=self.pk, written_at=seen).exclude(state=state)
        now = timezone.now()
        if not rows.update(state=state, decided_at=now):
            return False
        if state == self.State.REFUSED:
            record(Erasure(now, "reason-refused", str(self.pledge_id), bytes(self.signature.email_hash)))
        self.pledge.touch_published_count()
        record_act(organiser, Act.SHOW_REASON if state == self.State.APPROVED else Act.REFUSE_REASON, self)
        return True
