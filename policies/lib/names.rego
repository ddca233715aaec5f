# METADATA
# title: Patterns of names
# description: |
#   Patterns in which `*` stands for any text, also for none, and every other character for itself, so that
#   `aws_instance.web["a.b"]` is a pattern too. Made once for a whole list, because a regular expression is dear.
package plangate.lib.names

# The regular expression that matches what one of the patterns matches; nothing where there is none.
expression(patterns) := concat("", ["^(?:", concat("|", [literal(p) | some p in patterns]), ")$"])

literal(pattern) := concat(".*", [escaped(part) | some part in split(pattern, "*")])

escaped(text) := regex.replace(text, `[.+?()|\[\]{}^$\\]`, `\$0`)
