"""The command ``checker``: one file per command. What takes time to import is imported where it is used."""
