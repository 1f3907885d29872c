"""Who somebody is, what they may do, and whether a request comes from this machine.

In: the secrets as a mapping (:func:`.roles.read_access`) and what is known of a request (:mod:`.loopback`). Out: a
:class:`~.people.Person` with a role and authorities, whose methods answer every "may they?", and an :class:`~.roles.Access`
that says how people become one. Called by the pages, the command line and the store, which all ask the same guards. ::

    from careleavers.access.roles import read_access

    read_access(secrets, known_authorities).person(issuer, subject, "A. Officer")
"""
