"""What documents and figures say of change from one survey of a country to the next.

::

    numbers    numbers of the public table as they are printed
    parts      names of surveys, and which indicators go together
    verdicts   which surveys of an indicator are compared, and what is clear
    sentences  what became of each indicator
    tables     tables of all pairs of surveys
    changes    all of it, as a country report has it
"""
