"""`manage.py bench pages`: how long each page takes in an office of a given size, and how many queries it makes."""
