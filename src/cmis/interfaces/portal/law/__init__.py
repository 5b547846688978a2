"""The law for everybody: prices, the calculator, receipts and their verifier."""
