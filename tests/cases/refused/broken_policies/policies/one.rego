package plangate.plan.one

deny contains "x" if {
