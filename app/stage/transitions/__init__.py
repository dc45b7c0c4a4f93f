"""The transitions of a finite world as rows and as matrices, to be edited like a spreadsheet."""
