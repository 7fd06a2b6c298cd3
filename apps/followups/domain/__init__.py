"""Pure rules of follow-up: which checks, and when."""

from apps.followups.domain.planner import PlannedCheck, plan_checks

__all__ = ["PlannedCheck", "plan_checks"]
