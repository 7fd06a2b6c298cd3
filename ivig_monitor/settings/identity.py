"""Whether signing in is set completely, from the environment alone: no settings needed."""

from collections.abc import Mapping

from apps.accounts.domain.roles import Role

KEY_LENGTH = 32
ACCOUNT_FIELDS = ("username", "email")


def identity_problems(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each thing that is half set or not allowed; no provider set is no problem."""

    def of(name: str) -> str:
        return environment.get(name, "").strip()

    def words(name: str) -> list[str]:
        return [word.strip() for word in of(name).split(",") if word.strip()]

    problems = []
    if any(len(key) < KEY_LENGTH for key in words("IDENTITY_KEY")):
        problems.append("Set each key of IDENTITY_KEY to 32 random characters or more, without commas.")
    roles = {one.value for one in Role}
    if unknown := sorted(set(words("SECOND_FACTOR_ROLES")) - roles):
        problems.append(
            f"SECOND_FACTOR_ROLES names no role: {', '.join(unknown)}. Roles are {', '.join(sorted(roles))}."
        )
    needed = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLAIM")
    missing = [name for name in needed if not of(name)]
    if missing and len(missing) < len(needed):
        problems.append(f"Set {', '.join(missing)} as well, or none of {', '.join(needed)}.")
    if of("OIDC_ISSUER") and not of("OIDC_ISSUER").startswith("https://"):
        problems.append("OIDC_ISSUER must start with https://.")
    if of("OIDC_ACCOUNT_FIELD") not in ("", *ACCOUNT_FIELDS):
        problems.append("OIDC_ACCOUNT_FIELD must be username or email.")
    return problems
