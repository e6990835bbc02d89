"""Processes of their own, for tests. Forked from one that has imported the dashboard, they begin at once."""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["app"])
