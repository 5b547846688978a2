"""The page of the permission matrix, written from :mod:`roles`."""

from cmis.modules.organisation.roles import (
    ACTION_NAMES,
    CONFLICTS,
    PERMISSIONS,
    ROLE_NAMES,
    Role,
)

_PAGE_HEAD = """# Permissions

Who may do what. A right holds in the unit where the role was granted and in every unit below it.
Acts that are refused change nothing and are written into the audit trail. Nobody signs what they
read or decided themselves, whatever their roles.

"""


def permissions_table() -> str:
    """The page ``docs/reference/permissions.md``: the matrix and the duties kept apart."""
    roles = list(Role)
    lines = [
        "| Action | " + " | ".join(ROLE_NAMES[role].en for role in roles) + " |",
        "|---|" + ":-:|" * len(roles),
    ]
    for action, allowed in PERMISSIONS.items():
        marks = ("✓" if role in allowed else " " for role in roles)
        lines.append(f"| `{action}`: {ACTION_NAMES[action].en} | " + " | ".join(marks) + " |")
    return _PAGE_HEAD + "\n".join(lines) + "\n\n" + _duties_table()


def _duties_table() -> str:
    lines = [
        "## Duties kept apart",
        "",
        "A grant that would bring two of these together in one person is refused, and so is a"
        " change of the unit tree that would.",
        "",
        "| One | Other | Where | Why |",
        "|---|---|---|---|",
    ]
    for conflict in CONFLICTS:
        one, other = sorted(conflict.roles, key=list(Role).index)
        where = "same area" if conflict.same_area else "anywhere"
        lines.append(
            f"| {ROLE_NAMES[one].en} | {ROLE_NAMES[other].en} | {where} | {conflict.because.en} |"
        )
    return "\n".join(lines) + "\n"
