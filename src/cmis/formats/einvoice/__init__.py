"""E-invoices: build, sign, verify, read back, store, show. Pure bytes, no clock, no network."""
