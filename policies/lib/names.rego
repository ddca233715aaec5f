# METADATA
# title: Patterns of names
# description: |
#   Patterns in which `*` stands for any text, also for none, and every other character for itself, so that
#   `aws_instance.web["a.b"]` is a pattern too. A list of them is prepared once and matched often.
package plangate.lib.names

# A list of patterns, prepared: plain names, and the parts between the stars of the others.
patterns(list) := {
	"names": {pattern | some pattern in list; not contains(pattern, "*")},
	"parts": [split(pattern, "*") | some pattern in list; contains(pattern, "*")],
}

# One of the prepared patterns matches the whole text.
matched(prepared, text) if text in prepared.names

matched(prepared, text) if {
	some parts in prepared.parts
	startswith(text, parts[0])
	last := parts[count(parts) - 1]
	endswith(text, last)
	count(text) >= count(parts[0]) + count(last)
	between(parts, text)
}

# What several stars leave between them, is found by a regular expression: dear, so only here, and one pattern at a time.
between(parts, _) if count(parts) == 2

between(parts, text) if {
	count(parts) > 2
	regex.match(sprintf("(?s)^%s$", [concat(".*", [escaped(part) | some part in parts])]), text)
}

escaped(text) := regex.replace(text, `[.+?()|\[\]{}^$\\]`, `\$0`)
