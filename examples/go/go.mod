module smartregion.example

go 1.19
