"""What was found, kept in Parquet and asked with DuckDB; and the ledger of the runs."""
