# METADATA
# title: Patterns of names
# description: |
#   Patterns in which `*` stands for any text, also for none, and every other character for itself, so that
#   `aws_instance.web["a.b"]` is a pattern too.
package plangate.lib.names

# One of the patterns matches the whole text.
matched(patterns, text) if text in patterns

matched(patterns, text) if {
	some pattern in patterns
	[start, end] = split(pattern, "*")
	startswith(text, start)
	endswith(text, end)
	count(text) >= count(start) + count(end)
}

# A regular expression only where it is needed: it is dear, and a long list of them is more than engines take.
matched(patterns, text) if {
	some pattern in patterns
	parts := split(pattern, "*")
	count(parts) > 2
	regex.match(sprintf("(?s)^%s$", [concat(".*", [escaped(part) | some part in parts])]), text)
}

escaped(text) := regex.replace(text, `[.+?()|\[\]{}^$\\]`, `\$0`)
