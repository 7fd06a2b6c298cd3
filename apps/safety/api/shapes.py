"""What a review is sent as, and what comes back."""

from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers

from apps.accounts.api import WardTimeField
from apps.edge.entries import EntrySerializer
from apps.edge.fields import CodeField, NoteField, WholeNumberField
from apps.patients.api import PatientSerializer, PatientWardSerializer
from apps.safety import words
from apps.safety.domain import EXPECTED, Review, ReviewedReaction

_MOST_REACTIONS = 12
_MOST_CODES = 60
_ANSWERS = tuple(words.ANSWERS)


def _optional_choice(codes: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=tuple(codes), required=False, allow_blank=True, default="")


def _codes() -> serializers.ListField:
    return serializers.ListField(
        child=CodeField(max_length=80), max_length=_MOST_CODES, required=False, default=list
    )


class ReviewedReactionEntrySerializer(EntrySerializer):
    """One reaction. A draft may leave out anything."""

    verbatim = NoteField(max_length=500, required=False, default="", allow_blank=True)
    term = CodeField(max_length=80, required=False, default="", allow_blank=True)
    severity_term = CodeField(max_length=80, required=False, default="", allow_blank=True)
    grade = WholeNumberField(min_value=0, max_value=5, required=False, default=0)
    seriousness = _codes()
    not_serious = serializers.BooleanField(required=False, default=False)
    grade_asked = _codes()
    expectedness = _optional_choice(EXPECTED)
    expectedness_reason = NoteField(max_length=1000, required=False, default="", allow_blank=True)
    outcome = _optional_choice(words.OUTCOMES)


class ReviewEntrySerializer(EntrySerializer):
    """A review as far as it is written. `revision` is the one that was shown, 0 before the first save."""

    revision = WholeNumberField(min_value=0, max_value=1_000_000)
    reactions = serializers.ListField(
        child=ReviewedReactionEntrySerializer(), min_length=1, max_length=_MOST_REACTIONS
    )
    who_umc = CodeField(max_length=80, required=False, default="", allow_blank=True)
    who_umc_criteria = _codes()
    naranjo = serializers.DictField(
        child=serializers.ChoiceField(choices=_ANSWERS), required=False, default=dict
    )
    action_taken = _optional_choice(words.ACTIONS)
    dechallenge = _optional_choice(words.DECHALLENGES)
    rechallenge = _optional_choice(words.RECHALLENGES)
    suspected = _codes()
    criteria = serializers.DictField(
        child=serializers.DictField(child=serializers.ChoiceField(choices=("yes", "no"))),
        required=False,
        default=dict,
        help_text="condition -> criterion -> yes or no, where the record is silent",
    )
    comment = NoteField(max_length=4000, required=False, default="", allow_blank=True)

    def as_review(self) -> Review:
        """The entry as the domain's value; the verbatim terms are in the language of the page."""
        data = self.validated_data
        reactions = tuple(
            ReviewedReaction(
                **{
                    **reaction,
                    "seriousness": tuple(dict.fromkeys(reaction["seriousness"])),
                    "grade_asked": tuple(dict.fromkeys(reaction["grade_asked"])),
                }
            )
            for reaction in data["reactions"]
        )
        looked = {
            f"{one}.{code}": said for one, found in data["criteria"].items() for code, said in found.items()
        }
        return Review(
            language=(get_language() or "en").split("-")[0],
            severity_scale="ctcae",
            reactions=reactions,
            who_umc=data["who_umc"],
            who_umc_criteria=tuple(dict.fromkeys(data["who_umc_criteria"])),
            naranjo=tuple(sorted(data["naranjo"].items())),
            action_taken=data["action_taken"],
            dechallenge=data["dechallenge"],
            rechallenge=data["rechallenge"],
            suspected=tuple(dict.fromkeys(data["suspected"])),
            criteria=tuple(sorted(looked.items())),
            comment=data["comment"],
        )


class SignatureEntrySerializer(EntrySerializer):
    revision = WholeNumberField(min_value=1, max_value=1_000_000)
    meaning = serializers.ChoiceField(choices=tuple(words.MEANINGS))
    own_password = serializers.CharField(max_length=200, trim_whitespace=False)


class EventOutcomeEntrySerializer(EntrySerializer):
    severity_term = CodeField(max_length=80, required=False, default="", allow_blank=True)
    outcome = serializers.ChoiceField(choices=tuple(words.OUTCOMES))
    observed_at = WardTimeField(help_text="the ward's time")
    note = NoteField(max_length=2000, required=False, default="", allow_blank=True)
    replaces = WholeNumberField(required=False, allow_null=True, default=None, help_text="a wrong entry")


class MissingSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class NaranjoSerializer(serializers.Serializer[Any]):
    score = serializers.IntegerField()
    band = serializers.CharField()
    band_name = serializers.CharField()


class DraftSerializer(serializers.Serializer[Any]):
    """A draft, what it amounts to, and what keeps it from being signed."""

    id = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField()
    version = serializers.IntegerField(allow_null=True)
    state = serializers.CharField()
    saved_at = serializers.DateTimeField(allow_null=True)
    review = serializers.JSONField()
    naranjo = NaranjoSerializer()
    missing = MissingSerializer(many=True)


class SignedReactionSerializer(serializers.Serializer[Any]):
    verbatim = serializers.CharField()
    language = serializers.CharField()
    severity_term = serializers.CharField()
    severity_name = serializers.CharField()
    severity_scale = serializers.CharField()
    grade = serializers.IntegerField()
    grade_text = serializers.CharField()
    seriousness = serializers.ListField(child=serializers.CharField())
    expectedness = serializers.CharField()
    expectedness_reason = serializers.CharField()
    outcome = serializers.CharField()


class SignedReviewSerializer(serializers.Serializer[Any]):
    """A signed review. `holds`: its digest is right; `record_changed`: more was recorded since."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    signer_name = serializers.CharField()
    signed_at = serializers.DateTimeField()
    meaning = serializers.CharField()
    sha256 = serializers.CharField()
    holds = serializers.BooleanField()
    is_newest = serializers.BooleanField()
    record_changed = serializers.BooleanField()
    serious = serializers.BooleanField()
    reactions = SignedReactionSerializer(many=True)
    who_umc = serializers.CharField()
    naranjo = NaranjoSerializer()
    action_taken = serializers.CharField()
    dechallenge = serializers.CharField()
    rechallenge = serializers.CharField()
    suspected = serializers.ListField(child=serializers.CharField())
    comment = serializers.CharField()


class EventOutcomeSerializer(serializers.Serializer[Any]):
    """How a reaction stood at a time."""

    id = serializers.IntegerField()
    severity_term = serializers.CharField()
    severity_name = serializers.CharField()
    outcome = serializers.CharField()
    word = serializers.CharField()
    observed_at = serializers.DateTimeField()
    note = serializers.CharField()
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    signed_with_review = serializers.BooleanField()
    replaced = serializers.BooleanField()


class QueuedEventSerializer(serializers.Serializer[Any]):
    """An event in the queue, with its clock."""

    id = serializers.IntegerField()
    term = serializers.CharField()
    term_name = serializers.CharField()
    severity = serializers.CharField()
    status = serializers.CharField()
    patient = PatientSerializer()
    ward = PatientWardSerializer()
    onset_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    minutes_old = serializers.IntegerField()
    urgency = serializers.CharField()
    urgency_name = serializers.CharField()
    priority = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    is_overdue = serializers.BooleanField()


class ReviewQueueSerializer(serializers.Serializer[Any]):
    waiting = QueuedEventSerializer(many=True)
    changed = QueuedEventSerializer(many=True)
    reviewed = QueuedEventSerializer(many=True)


class ReviewSerializer(serializers.Serializer[Any]):
    """Everything a review is made from, and what came of it."""

    queue = QueuedEventSerializer()
    around = serializers.JSONField(help_text="the infusion at onset, vital signs, entries, laboratory values")
    conditions = serializers.JSONField(help_text="what it may be, criterion by criterion, with why")
    proposed = serializers.JSONField(help_text="what the record proposes, with why")
    choices = serializers.JSONField(
        help_text="terms, grades, criteria, categories and questions to choose from"
    )
    draft = DraftSerializer(help_text="one's own; nobody reads another's")
    signed = SignedReviewSerializer(many=True)
    disagreements = serializers.ListField(child=serializers.CharField())
    outcomes = EventOutcomeSerializer(many=True)
    may_review = serializers.BooleanField()


__all__ = [
    "DraftSerializer",
    "EventOutcomeEntrySerializer",
    "EventOutcomeSerializer",
    "ReviewEntrySerializer",
    "ReviewQueueSerializer",
    "ReviewSerializer",
    "SignatureEntrySerializer",
    "SignedReviewSerializer",
]
