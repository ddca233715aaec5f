# METADATA
# title: No ingress from the whole internet
# description: |
#   No firewall rule lets the whole internet in, except to ports that are meant for it. Reads security groups and their
#   rules on AWS, network security groups and their rules on Azure, and firewalls on Google Cloud; managed ones that
#   the plan makes, changes, replaces or imports. Public are `0.0.0.0/0`, `::/0`, `*`, `Internet`, and every range
#   wider than the configured prefixes. Undetermined where source or port is known only after apply or is sensitive.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [CIS AWS 3.0 5.2, CIS AWS 3.0 5.3, CIS Azure 2.0 6.1, CIS Azure 2.0 6.2, CIS Google Cloud 2.0 3.6, CIS Google Cloud 2.0 3.7]
#   remediation: Name the networks that need to come in, or put the service behind a load balancer or a VPN.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       allowed_ports:
#         type: array
#         items: {type: integer, minimum: 0, maximum: 65535}
#         default: [80, 443]
#         description: Ports that may be open to the internet.
#       allowed_protocols:
#         type: array
#         items: {type: string}
#         default: [icmp, icmpv6, '1', '58']
#         description: Protocols that may be open to the internet, whatever the port; as the provider writes them.
#       allowed_resources:
#         type: array
#         items: {type: string}
#         default: []
#         description: Addresses of resources that may be open, such as `module.edge.*`; `*` stands for any text.
#       min_prefix_ipv4:
#         type: integer
#         minimum: 1
#         maximum: 32
#         default: 8
#         description: An IPv4 range with a shorter prefix counts as the internet, so that two halves of it do too.
#       min_prefix_ipv6:
#         type: integer
#         minimum: 1
#         maximum: 128
#         default: 16
#         description: An IPv6 range with a shorter prefix counts as the internet. Unique local addresses (fc00::/7) never do.
#       inline_rules_unknown:
#         type: string
#         enum: [ignore, warn, undetermined]
#         default: warn
#         description: |
#           What to say of a new group whose list of inline rules is unknown as a whole. A plan looks so where the group
#           has none, which is the usual case, and where they hang on a value that is known only after apply.
package plangate.plan.public_ingress

import data.plangate.lib.names
import data.plangate.lib.paths
import data.plangate.lib.resources
import data.plangate.lib.sensitive

applicable contains resource.address if some resource in candidates

deny contains {
	"message": sprintf("open to the internet on %s", [ports_text(way.open)]),
	"resource": way.address,
	"path": object.get(way, "path", source.path),
	"fix": "name the networks that need to come in, or add the port to `allowed_ports`",
} if {
	some way in ways
	count(way.open) > 0
	some source in way.public
}

undetermined contains {
	"message": "cannot tell whether it is open to the internet: the source is not known",
	"resource": way.address,
	"path": object.get(way, "path", min(way.unknown_sources)),
	"unknown": (way.unknown_sources | way.unknown_ports),
} if {
	some way in ways
	count(way.unknown_sources) > 0
	count(way.public) == 0
	count(way.open) + count(way.unknown_ports) > 0
}

undetermined contains {
	"message": "cannot tell whether it is open to the internet: the port is not known",
	"resource": way.address,
	"path": object.get(way, "path", min(way.unknown_ports)),
	"unknown": way.unknown_ports,
} if {
	some way in ways
	count(way.unknown_ports) > 0
	count(way.public) > 0
	count(way.open) == 0
}

undetermined contains finding if {
	data.config.inline_rules_unknown == "undetermined"
	some finding in inline_unknown
}

warn contains object.remove(finding, ["unknown"]) if {
	data.config.inline_rules_unknown == "warn"
	some finding in inline_unknown
}

inline_unknown contains {
	"message": "the inline rules are known only after apply, or there are none",
	"resource": resource.address,
	"path": [attribute],
	"unknown": {path},
} if {
	some resource in candidates
	attribute := inline_attribute[resource.type]
	some path in resource.unknown
	path in {[], [attribute]}
}

# Resources that can let somebody in.
candidates := [resource |
	some type in types
	some resource in input.plan.by_type[type]
	resources.written(resource)
	not names.matched(allowed_resources, resource.address)
	not harmless(resource.after)
	not by_tag_only(resource.after)
]

allowed_resources := names.patterns(data.config.allowed_resources)

types := {
	"aws_default_security_group",
	"aws_security_group",
	"aws_security_group_rule",
	"aws_vpc_security_group_ingress_rule",
	"azurerm_network_security_group",
	"azurerm_network_security_rule",
	"google_compute_firewall",
}

inline_attribute := {
	"aws_default_security_group": "ingress",
	"aws_security_group": "ingress",
	"azurerm_network_security_group": "security_rule",
}

# A Google Cloud firewall for source tags or accounts only. Its ranges look unknown.
by_tag_only(firewall) if {
	count(object.get(firewall, "source_ranges", [])) == 0
	some attribute in {"source_tags", "source_service_accounts"}
	count(firewall[attribute]) > 0
}

# Goes out, forbids, or does nothing. A firewall that does not say its direction lets in.
harmless(rule) if rule.type == "egress"

harmless(rule) if lower(rule.direction) in {"egress", "outbound"}

harmless(rule) if lower(rule.access) == "deny"

harmless(rule) if rule.disabled == true

# Ways in: who may come, to which ports that are not allowed, and what is unknown of both.
ways := [object.union(object.filter(rule, ["path"]), {
	"address": rule.resource.address,
	"public": public_sources(rule),
	"open": open_ranges(rule),
	"unknown_sources": hidden(rule.resource, rule.sources),
	"unknown_ports": unknown_ports(rule),
}) |
	some rule in rules
]

# Rules that let in. Sources and ports are each some attributes (`names`) of an object that is at the path `at` of the resource.
rules contains {"resource": resource, "sources": part([], resource.after, shape.sources), "ports": part([], resource.after, shape.ports)} if {
	some resource in candidates
	shape := separate[resource.type]
}

rules contains {"resource": resource, "sources": part(path, rule, shape.sources), "ports": part(path, rule, shape.ports)} if {
	some resource in candidates
	attribute := inline_attribute[resource.type]
	shape := inline[resource.type]
	some index, rule in resource.after[attribute]
	path := [attribute, index]
	not harmless(rule)
}

rules contains {"resource": resource, "path": path, "sources": part([], resource.after, ["source_ranges"]), "ports": part(path, allow, ["protocol", "ports"])} if {
	some resource in candidates
	resource.type == "google_compute_firewall"
	some index, allow in object.get(resource, ["after", "allow"], [{}])
	path := ["allow", index]
}

part(path, attributes, names) := {"at": path, "object": attributes, "names": names}

aws := {
	"sources": ["cidr_blocks", "ipv6_cidr_blocks"],
	"ports": ["protocol", "from_port", "to_port"],
}

azure := {
	"sources": ["source_address_prefix", "source_address_prefixes"],
	"ports": ["protocol", "destination_port_range", "destination_port_ranges"],
}

separate := {
	"aws_security_group_rule": aws,
	"aws_vpc_security_group_ingress_rule": {
		"sources": ["cidr_ipv4", "cidr_ipv6"],
		"ports": ["ip_protocol", "from_port", "to_port"],
	},
	"azurerm_network_security_rule": azure,
}

inline := {
	"aws_default_security_group": aws,
	"aws_security_group": aws,
	"azurerm_network_security_group": azure,
}

# The texts of a part, from single attributes and from lists.
texts(attributes) := {{"path": array.concat(attributes.at, [name]), "value": value} |
	some name in attributes.names
	value := attributes.object[name]
	is_string(value)
} | {{"path": array.concat(attributes.at, [name, index]), "value": value} |
	some name in attributes.names
	is_array(attributes.object[name])
	some index, value in attributes.object[name]
	is_string(value)
}

# What of a part is known only after apply, or sensitive.
hidden(resource, attributes) := {path |
	some name in attributes.names
	some path in paths.unknown(resource, array.concat(attributes.at, [name]))
} | {text.path |
	some text in texts(attributes)
	sensitive.sealed(text.value)
}

public_sources(rule) := {source |
	some source in texts(rule.sources)
	public(lower(source.value))
}

public(source) if source in {"*", "any", "internet", "0.0.0.0", "::"}

public(source) if {
	not contains(source, ":")
	prefix(source) < data.config.min_prefix_ipv4
}

public(source) if {
	contains(source, ":")
	not regex.match("^f[cd]", source)
	prefix(source) < data.config.min_prefix_ipv6
}

prefix(source) := number(parts[1]) if {
	parts := split(source, "/")
	regex.match("^[0-9]+$", parts[1])
}

# The protocol where it is known; empty where nobody names one.
protocol(rule) := lower(value) if {
	value := protocols(rule)[_]
	not sensitive.sealed(value)
}

protocol(rule) := "" if {
	count(protocols(rule)) == 0
	count(hidden(rule.resource, protocol_part(rule))) == 0
}

protocols(rule) := [text.value | some text in texts(protocol_part(rule))]

protocol_part(rule) := part(rule.ports.at, rule.ports.object, array.slice(rule.ports.names, 0, 1))

port_part(rule) := part(rule.ports.at, rule.ports.object, array.slice(rule.ports.names, 1, 3))

any_protocol := {"-1", "all"}

decided(rule) if protocol(rule) in any_protocol

decided(rule) if protocol(rule) in allowed_protocols

allowed_protocols := {lower(name) | some name in data.config.allowed_protocols}

unknown_ports(rule) := set() if decided(rule)

unknown_ports(rule) := hidden(rule.resource, rule.ports) if not decided(rule)

# Port ranges that are open and not allowed to be, as far as they are known.
open_ranges(rule) := {range |
	some range in ranges(rule)
	not wholly_allowed(range)
}

wholly_allowed([from, to]) if {
	count({port | some port in data.config.allowed_ports; port >= from; port <= to}) == (to - from) + 1
}

ranges(rule) := {[0, 65535]} if protocol(rule) in any_protocol

ranges(rule) := named_ranges(rule) if {
	known := protocol(rule)
	not known in any_protocol
	not known in allowed_protocols
}

# No port named at all means every port.
named_ranges(rule) := {[0, 65535]} if {
	count(known_ranges(rule)) == 0
	count(hidden(rule.resource, rule.ports)) == 0
}

named_ranges(rule) := known_ranges(rule) if count(known_ranges(rule)) > 0

known_ranges(rule) := {range |
	some text in texts(port_part(rule))
	range := parsed(text.value)
} | {[from, to] |
	from := rule.ports.object.from_port
	to := rule.ports.object.to_port
	is_number(from)
	is_number(to)
}

parsed("*") := [0, 65535]

parsed(text) := [number(text), number(text)] if regex.match("^[0-9]+$", text)

parsed(text) := [number(ends[0]), number(ends[1])] if {
	regex.match("^[0-9]+-[0-9]+$", text)
	ends := split(text, "-")
}

# Some engines read no number that begins with zeros.
number(text) := to_number(regex.replace(text, "^0+([0-9])", "$1"))

ports_text(ranges_) := "all ports" if [0, 65535] in ranges_

ports_text(ranges_) := concat("", ["port ", concat(", ", [range_text(range) | some range in sort(ranges_)])]) if not [0, 65535] in ranges_

range_text([from, to]) := sprintf("%v", [from]) if from == to

range_text([from, to]) := sprintf("%v-%v", [from, to]) if from != to
