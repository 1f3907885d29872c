"""The words that the templates of a rule need."""

import string

from careleavers.intake.model import Rule


def template_words(rule: Rule) -> frozenset[str]:
    """The words that a rule's templates need, ``found`` aside: what each finding of it must be given."""
    fields = (
        name
        for template in (rule.expected, rule.fix)
        for _, name, _, _ in string.Formatter().parse(template)
        if name is not None
    )
    return frozenset(fields) - {"found"}
