"""Stand-ins for servers, for what the real ones do not do on demand."""
