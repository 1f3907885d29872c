"""The command line: ``python -m careleavers``.

:mod:`.commands` reads the arguments and runs one command; :mod:`.officer` says who acts. It needs no pages.
"""
