"""Backups that nobody reads without BACKUP_KEY, and in which whoever is erased later stays erased.

A backup is two files. The *main* file holds every table but the members' keys, and is kept as long as one likes. The
*keys* file holds the members' keys and the list of erasures; each backup replaces it, so that there is only one, the
newest. A main file of any age is restored with it: the key of somebody who was erased since is in no file any more, and
the list tells who has to be erased again.

The tables are read by COPY inside one transaction, and their form comes from the migrations: no program of PostgreSQL
is needed, so that the application's own image can do it, and a backup restores into any later version of this software.
"""
