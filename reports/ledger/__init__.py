"""The union's ledger workbook: read, checked, brought in, and written out again."""
