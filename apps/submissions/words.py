"""The words of submissions, marked for translation."""

from apps.icsr.domain.acknowledgements import BatchVerdict, MessageVerdict, Outcome
from apps.kernel.text import N_
from apps.submissions.domain.outcomes import Answered
from apps.submissions.domain.receivers import Delivery
from apps.submissions.models import Receipt, StoredAcknowledgement, Submission

STATES = {
    Submission.State.READY.value: N_("Ready to be handed over"),
    Submission.State.QUEUED.value: N_("Waiting to be sent"),
    Submission.State.SENDING.value: N_("Being sent"),
    Submission.State.SENT.value: N_("Delivered"),
    Submission.State.FAILED.value: N_("Not delivered"),
    Submission.State.WITHDRAWN.value: N_("Taken back"),
}
DELIVERIES = {
    Delivery.DOWNLOAD.value: N_("By hand: somebody takes the file"),
    Delivery.DIRECTORY.value: N_("Into a directory"),
    Delivery.HTTPS.value: N_("To a gateway"),
}
ANSWERED = {
    Answered.NOT_YET.value: N_("Not answered yet"),
    Answered.ACCEPTED.value: N_("Accepted"),
    Answered.ACCEPTED_WITH_REMARKS.value: N_("Accepted with remarks"),
    Answered.PARTLY.value: N_("Partly accepted"),
    Answered.REJECTED.value: N_("Refused"),
    Answered.CONTRADICTING.value: N_("The answers contradict each other"),
}
OUTCOMES = {
    Outcome.NOT_TOLD.value: N_("Not answered yet"),
    Outcome.ACCEPTED.value: N_("Accepted"),
    Outcome.ACCEPTED_WITH_REMARKS.value: N_("Accepted with remarks"),
    Outcome.REJECTED.value: N_("Refused"),
    Outcome.CONTRADICTING.value: N_("The answers contradict each other"),
}
RECEIPTS = {
    Receipt.Kind.PREPARED.value: N_("Prepared"),
    Receipt.Kind.TAKEN.value: N_("File taken"),
    Receipt.Kind.ATTEMPTED.value: N_("Sending began"),
    Receipt.Kind.DELIVERED.value: N_("Delivered"),
    Receipt.Kind.NOT_DELIVERED.value: N_("This attempt failed"),
    Receipt.Kind.GIVEN_UP.value: N_("Given up after the last attempt"),
    Receipt.Kind.SENT_AGAIN.value: N_("To be sent again"),
    Receipt.Kind.HANDED_OVER.value: N_("Handed over"),
    Receipt.Kind.WITHDRAWN.value: N_("Taken back"),
    Receipt.Kind.UNANSWERED.value: N_("No answer came in time"),
    Receipt.Kind.ACKNOWLEDGED.value: N_("An answer came"),
}
MATCHES = {
    StoredAcknowledgement.Match.MATCHED.value: N_("Counts"),
    StoredAcknowledgement.Match.REPEATED.value: N_("The same answer again"),
    StoredAcknowledgement.Match.UNMATCHED.value: N_("Answers nothing that was sent from here"),
}
ORIGINS = {
    StoredAcknowledgement.Origin.UPLOAD.value: N_("Brought by a person"),
    StoredAcknowledgement.Origin.DIRECTORY.value: N_("From the directory of answers"),
    StoredAcknowledgement.Origin.GATEWAY.value: N_("From the gateway"),
}
BATCH_VERDICTS = {
    BatchVerdict.ACCEPTED.value: N_("The whole file was accepted"),
    BatchVerdict.SOME_IN_ERROR.value: N_("Some reports are in error"),
    BatchVerdict.REJECTED.value: N_("The whole file was refused"),
}
MESSAGE_VERDICTS = {
    MessageVerdict.ACCEPTED.value: N_("Accepted"),
    MessageVerdict.REJECTED.value: N_("Refused"),
}
REMARKS = {"E": N_("Error"), "W": N_("Warning"), "I": N_("Note")}
