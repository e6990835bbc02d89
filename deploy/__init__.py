"""Puts the dashboard on a machine for good: `sudo make install`, `update` and `uninstall`.

Run by the machine's own Python, so the standard library has to do.
"""
