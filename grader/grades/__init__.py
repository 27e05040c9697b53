"""What a grade is, and how it leaves: points, totals, tables, exports."""
