"""Questions for members to ask of their own council, from verdicts, changes, trends and how many are not known.

In: one version of the figures, an authority and what it is compared with. Out: questions with what each rests on, the most
pressing first; At a glance shows the first three. Which figures call for a question is decided in ``queries/questions.sql``,
by the rules in ``data/question_rules.csv``, whose words are filled in here. A question never says why.

``view``
    The questions of one authority, and those that a member takes along.
``words``
    Questions and evidence in words.
``answers``
    What was answered when a question was asked before: documents of the store.
``markup``
    The HTML of a page.

Example::

    shown = view.build_view(context, "E08000035", "Leeds", "neighbours", "Yorkshire and The Humber")
    [asked.text for asked in view.taken(shown.asked, "not_known.not_known,figure.activity")]
"""
