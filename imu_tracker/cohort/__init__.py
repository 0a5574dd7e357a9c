"""Many recordings at once, on the cores of this machine or on a cluster; a result file each, and tables of them all.

Nothing is imported here: a worker process takes what it needs, and no more.
"""
