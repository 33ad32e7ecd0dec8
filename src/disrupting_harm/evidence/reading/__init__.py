"""Reading and checking files of evidence; writing workbooks to fill."""
