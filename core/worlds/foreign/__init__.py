"""Environments whose code is a person's own or comes from elsewhere: they run in a process of their own, once that was allowed.

`code` finds and hashes the code and `names` looks for environments in it, both without running any of it; `consent` remembers what may
run; `child` is what runs in the process, `messages` what goes to and fro, of which nothing is ever unpickled; `process` is our side of
it and `host` has its environments; `watchdog` counts how long it takes and `memory` how much it takes; `proxy` is the environment for the
rest of the program.
"""
