"""What stands before Flask: cached answers, 304, compression, and the notice that a client has gone.

``application`` is the RSGI application that granian runs; the other modules know one thing each and
nothing of RSGI. See ``docs/gateway.md``.
"""
