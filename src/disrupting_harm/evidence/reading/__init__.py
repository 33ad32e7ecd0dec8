"""Files of evidence, read and checked; and workbooks to fill."""
