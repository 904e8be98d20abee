"""Rules as code for the official workbooks of Chinese public bodies."""
