"""What the server answers about a script: one byte when its child begins, one when it is done.

An answer that ends without the first means that the server did not take the script; one that ends
without the second, that the child failed or was killed.
"""

STARTED, DONE = b"s", b"d"
# An argument of the server: the run has the last stages, too. Others name stages to load at once.
WHOLE_RUN = "--whole-run"
