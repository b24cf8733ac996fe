module git.tidelane.example/${{ values.name }}

go 1.25
