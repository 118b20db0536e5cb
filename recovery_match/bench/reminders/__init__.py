"""`manage.py bench reminders`: from the hour that strikes to the letter at the mail server.

Everything runs on engines of its own in a folder that is deleted afterwards (`command`, `host`): a made-up crowd
(`people`), a mail server that takes everything (`sink`), real workers of ours and of the naive way (`works`, `naive`),
and the tick before tables of any size (`scale`).
"""
