"""`manage.py bench load`: the server of production before a large office, many connections at once.

Beside a page that says nothing, fetched in the same run through the same middleware: what remains is the page's own.
"""
