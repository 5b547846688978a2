"""Form fields and the error summary."""

from typing import Any

from django.forms import BoundField, CheckboxSelectMultiple, Form, RadioSelect

from cmis.interfaces.ui.tags import register


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, hint: str = "", width: str = "") -> dict[str, Any]:
    """Label, hint, error and input of one form field, tied together for screen readers."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    hint = hint or bound.help_text
    described = [f"{bound.auto_id}-hint"] * bool(hint) + [f"{bound.auto_id}-error"] * bool(
        bound.errors
    )
    attributes = {"aria-describedby": " ".join(described) or None}
    if kind not in ("checkbox", "radio"):
        given = widget.attrs.get("class", "input")
        attributes["class"] = f"{given} input--{width}" if width else given
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "hint": hint,
        "group": widget.use_fieldset,
        "single_choice": kind == "checkbox" and not widget.use_fieldset,
        "hidden": bound.is_hidden,
        "input": bound.as_widget(attrs={k: v for k, v in attributes.items() if v}),
    }


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    """All errors of a bound form at its top, each leading to the place to mend it."""
    if not form.is_bound:
        return {}
    return {
        "fields": [(bound, _first_input(bound), bound.errors) for bound in form if bound.errors],
        "whole": form.non_field_errors(),
    }


def _first_input(bound: BoundField) -> str:
    """The id that takes the focus: of a group of choices, the first choice."""
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id
