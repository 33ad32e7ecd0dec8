"""The site: pages that lead to every document, figure and table of a study.

Static pages, made from public results alone. They are whole without a network, from any folder,
and without scripts; two small scripts help where a browser runs them: to find something in a list,
and to copy a text.
"""
