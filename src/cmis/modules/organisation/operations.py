"""What changes the organisation: units, people, roles, parameters and log-ins."""

from cmis.modules.organisation.signing_in import (
    UnableToAuthenticate,
    authenticate,
    sign_in,
)
from cmis.modules.organisation.staff_changes import (
    UnableToCreateStaff,
    UnableToEndRole,
    UnableToGrantRole,
    UnableToSetPassword,
    create_staff,
    deactivate_staff,
    end_role,
    grant_role,
    set_password,
)
from cmis.modules.organisation.unit_changes import (
    UnableToCreateUnit,
    UnableToMergeUnits,
    UnableToReviseUnit,
    create_unit,
    ensure_units_for,
    merge_units,
    revise_unit,
    set_parameter,
)

__all__ = [
    "UnableToAuthenticate",
    "UnableToCreateStaff",
    "UnableToCreateUnit",
    "UnableToEndRole",
    "UnableToGrantRole",
    "UnableToMergeUnits",
    "UnableToReviseUnit",
    "UnableToSetPassword",
    "authenticate",
    "create_staff",
    "create_unit",
    "deactivate_staff",
    "end_role",
    "ensure_units_for",
    "grant_role",
    "merge_units",
    "revise_unit",
    "set_parameter",
    "set_password",
    "sign_in",
]
