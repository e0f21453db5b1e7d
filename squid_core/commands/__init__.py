"""The subcommands of squid, one module a subject: `add_...` describes one and sets `run`, a function of its arguments.

Heavy imports wait until a subcommand runs.
"""
