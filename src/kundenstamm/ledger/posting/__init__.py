"""How entries come to stand in the ledger: staged, compared with what stands, settled. In SQL."""
