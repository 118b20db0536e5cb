"""Measurements that anybody can repeat: `manage.py bench engine` and `manage.py bench reminders`.

Of the engine: a seeded crowd (`crowd`), the ways that are compared on a whole round (`ways`) and on one newcomer
(`one`), each run in a process of its own (`child`), and a run of everything (`engine`). The others have a package each.
"""
