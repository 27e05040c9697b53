"""The part that runs in the sandbox: it holds nothing secret, and imports `protocol` and `wire` but nothing outside."""
