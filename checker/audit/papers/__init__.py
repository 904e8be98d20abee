"""What an auditor takes into the meeting: findings as JSON, SARIF, JUnit, CSV, and the workpaper."""
