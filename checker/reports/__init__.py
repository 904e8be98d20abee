"""The faces of a report: one file per output format. They read the report and nothing else."""
