"""Every rule that an uploaded file is held against, in the order of the report, in an officer's words.

The modules are tables, one entry per rule: :mod:`.must_fix_file`, :mod:`.must_fix_figures`, :mod:`.must_fix_entries`,
:mod:`.to_confirm` and :mod:`.for_information`.

In: the id of a rule. Out: the :class:`~careleavers.intake.model.Rule`. Called by the readers
and checks of :mod:`careleavers.intake`::

    RULES["missing_column"].severity  # "must fix"

``expected`` and ``fix`` are templates. ``{found}`` (what stands in the cell) may stand in each. The comment above a rule
names the other words that its templates need; whoever notes a finding gives them to
:meth:`careleavers.intake.model.Findings.add`.
"""

from __future__ import annotations

from careleavers.intake.model import Rule
from careleavers.intake.rules.for_information import FOR_INFORMATION
from careleavers.intake.rules.must_fix_entries import MUST_FIX_ENTRIES
from careleavers.intake.rules.must_fix_figures import MUST_FIX_FIGURES
from careleavers.intake.rules.must_fix_file import MUST_FIX_FILE
from careleavers.intake.rules.to_confirm import TO_CONFIRM

RULES: dict[str, Rule] = {
    rule.id: rule for rule in (*MUST_FIX_FILE, *MUST_FIX_FIGURES, *MUST_FIX_ENTRIES, *TO_CONFIRM, *FOR_INFORMATION)
}
