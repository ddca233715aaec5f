# METADATA
# title: The environment of a stack
# description: From the stack's `environment`, or from its labels `environment:<name>` and `env:<name>`. Lower case; more than one where they disagree.
package plangate.lib.environments

stack contains lower(input.stack.environment) if input.stack.environment != ""

stack contains name if {
	some label in input.stack.labels
	some prefix in {"environment:", "env:"}
	startswith(lower(label), prefix)
	name := substring(lower(label), count(prefix), -1)
	name != ""
}
