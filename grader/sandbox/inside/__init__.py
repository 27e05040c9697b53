"""The part that runs in the sandbox.  It holds nothing secret and imports nothing of the trusted side but `wire`."""
