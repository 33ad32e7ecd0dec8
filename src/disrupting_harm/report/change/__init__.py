"""What documents and figures say of change from one survey of a country to the next.

::

    numbers    numbers of the public table as they are printed
    parts      names of surveys, and which indicators go together
    sentences  one sentence on each change
    tables     tables of all pairs of surveys
    changes    all of it, as a country report has it
"""
