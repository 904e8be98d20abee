"""What helps those who write rules, and is not needed to check: new packs, and proposals read off a blank workbook."""
