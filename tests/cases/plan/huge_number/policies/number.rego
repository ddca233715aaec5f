# METADATA
# title: The project has its number
# description: A number of 64 bits keeps its digits on the way in and on the way out.
package plangate.plan.number

deny contains {"message": sprintf("not %v", [resource.after.number]), "resource": resource.address, "path": ["number"]} if {
    some resource in input.plan.resources
    resource.after.number != 8071748603418320041
}
