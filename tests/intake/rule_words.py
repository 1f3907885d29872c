"""The fields that a rule's message templates need."""

import string

from careleavers.intake.model import Rule


def template_words(rule: Rule) -> frozenset[str]:
    """The fields that a rule's templates need apart from ``found``: each of its findings must supply them."""
    fields = (
        name
        for template in (rule.expected, rule.fix)
        for _, name, _, _ in string.Formatter().parse(template)
        if name is not None
    )
    return frozenset(fields) - {"found"}
