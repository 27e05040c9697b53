"""Private data: what accuracy is judged on in a course, drawn anew from its seed, and disguised for each submission."""
