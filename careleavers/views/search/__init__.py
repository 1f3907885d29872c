"""The search in the masthead: from plain words to the measure, authority or page meant.

In: one version of the figures and the pages that the visitor may open (:func:`.view.build_index`, made once a version), then what was
typed. Out: :func:`.view.find`, at most eight results, the best first, each with the page and the choices that its link needs.
:mod:`.words` takes apart what was typed. Called by :mod:`careleavers.ui.search`. ::

    index = view.build_index(context_of(open_warehouse()), (view.PageLink("compare", "Compare"), view.PageLink("trends", "Trends")))
    [found.label for found in view.find(index, "homeless Leeds")]
"""
