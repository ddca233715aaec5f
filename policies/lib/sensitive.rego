# METADATA
# title: Sensitive values
# description: A sensitive value is a handle in the document. Handles can be compared with each other, and not looked into.
package plangate.lib.sensitive

# No text of a plan looks like this: one that does, is sealed as well.
sealed(value) if contains(value, "(sensitive #")
