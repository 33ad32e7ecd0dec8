"""Countries that join a comparison through statistics, as their microdata stay at home.

``docs/statistics.md`` describes the files, so that another program can write them.
"""
