"""Triage beyond one machine, on Dask distributed: an optional extra that nothing else here imports."""
