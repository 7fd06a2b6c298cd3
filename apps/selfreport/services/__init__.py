"""Writers of self-report."""

from apps.selfreport.services.common import SEND
from apps.selfreport.services.forgetting import forget_addresses, forget_contact
from apps.selfreport.services.issuing import issue_link, revoke_link
from apps.selfreport.services.limiting import count_knock
from apps.selfreport.services.reporting import record_answers
from apps.selfreport.services.sending import (
    begin_attempt,
    send_link,
    settle_not_sent,
    settle_sent,
)

__all__ = [
    "SEND",
    "begin_attempt",
    "count_knock",
    "forget_addresses",
    "forget_contact",
    "issue_link",
    "record_answers",
    "revoke_link",
    "send_link",
    "settle_not_sent",
    "settle_sent",
]
