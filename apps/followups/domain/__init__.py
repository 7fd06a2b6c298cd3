"""Pure rules of follow-up: which checks, when, and where each stands."""

from apps.followups.domain.planner import CheckStatus, PlannedCheck, classify, plan_checks

__all__ = ["CheckStatus", "PlannedCheck", "classify", "plan_checks"]
