"""The command line: ``python -m careleavers``.

:mod:`.commands` reads the arguments and runs one command; :mod:`.officer` says who acts. It needs no pages.

In: the words after ``python -m careleavers``. Out: text on standard output, and an exit status. Called by
:mod:`careleavers.__main__`, and by tests. ::

    from careleavers.cli.commands import main

    status = main(["export", "--indicator", "eet", "--age-group", "19-21", "--format", "csv"])
"""
