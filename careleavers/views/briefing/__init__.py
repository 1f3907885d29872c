"""The two-page briefing of one authority, as a PDF for a meeting.

In comes a :class:`~careleavers.views.context.Context` and what is chosen on At a glance; out goes a tagged PDF (PDF/UA-1) that says
what At a glance says: it is made from the same view. Page one has what is strong, weak and changing, the questions, the
shares and what the council says in its own words; page two the table, what the measures count, and the sources.
``pages/at_a_glance.py`` and the command line call it::

    from careleavers.views.briefing import document, view

    shown = view.build_view(context, "E08000035", "Leeds", "neighbours", "Yorkshire and The Humber", "")
    open("leeds.pdf", "wb").write(document.pdf(shown))
"""
