package two

deny contains "x"
