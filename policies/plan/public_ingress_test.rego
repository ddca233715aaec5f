package plangate.plan.public_ingress_test

import data.plangate.lib.fixtures
import data.plangate.plan.public_ingress

config := {
	"allowed_ports": [80, 443],
	"allowed_protocols": ["icmp", "icmpv6", "1", "58"],
	"allowed_resources": [],
	"min_prefix_ipv4": 8,
	"min_prefix_ipv6": 16,
	"inline_rules_unknown": "warn",
}

# What the policy says of one resource: messages with paths.
said(resource, differences) := {
	"applicable": applicable,
	"deny": {[x.message, x.path] | some x in denied},
	"undetermined": {[x.path, x.unknown] | some x in doubts},
	"warn": {x.path | some x in warnings},
} if {
	plan := fixtures.plan([resource])
	settings := object.union(config, differences)
	applicable := public_ingress.applicable with input as plan with data.config as settings
	denied := public_ingress.deny with input as plan with data.config as settings
	doubts := public_ingress.undetermined with input as plan with data.config as settings
	warnings := public_ingress.warn with input as plan with data.config as settings
}

fails(resource, differences, findings) if {
	result := said(resource, differences)
	result.deny == findings
	count(result.undetermined) == 0
	count(result.applicable) == 1
}

passes(resource, differences) if {
	result := said(resource, differences)
	result == {"applicable": {resource.address}, "deny": set(), "undetermined": set(), "warn": set()}
}

doubts(resource, differences, findings) if {
	result := said(resource, differences)
	result.undetermined == findings
	count(result.deny) == 0
}

not_applicable(resource, differences) if {
	result := said(resource, differences)
	result == {"applicable": set(), "deny": set(), "undetermined": set(), "warn": set()}
}

with_unknown(resource, unknown) := object.union(resource, {"unknown": unknown})

group(rules) := fixtures.typed("aws_security_group", {"ingress": rules})

inline(differences) := object.union(
	{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.0.0.0/8"], "ipv6_cidr_blocks": []},
	differences,
)

test_an_inline_rule_for_the_internet_fails if {
	fails(
		group([inline({}), inline({"cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]})]),
		{},
		{["open to the internet on port 22", ["ingress", 1, "cidr_blocks", 1]]},
	)
	fails(group([inline({"ipv6_cidr_blocks": ["::/0"]})]), {}, {["open to the internet on port 22", ["ingress", 0, "ipv6_cidr_blocks", 0]]})
}

test_the_finding_says_how_to_put_it_right if {
	plan := fixtures.plan([group([inline({"cidr_blocks": ["0.0.0.0/0"]})])])
	settings := config
	result := public_ingress.deny with input as plan with data.config as settings
	result == {{
		"message": "open to the internet on port 22",
		"resource": "aws_security_group.it",
		"path": ["ingress", 0, "cidr_blocks", 0],
		"fix": "name the networks that need to come in, or add the port to `allowed_ports`",
	}}
}

test_a_private_range_passes if passes(group([inline({})]), {})

test_allowed_ports_pass if {
	passes(group([inline({"cidr_blocks": ["0.0.0.0/0"], "from_port": 443, "to_port": 443})]), {})
	passes(group([inline({"cidr_blocks": ["0.0.0.0/0"]})]), {"allowed_ports": [22]})
}

test_a_range_must_be_allowed_as_a_whole if {
	wide := group([inline({"cidr_blocks": ["0.0.0.0/0"], "from_port": 80, "to_port": 82})])
	fails(wide, {}, {["open to the internet on port 80-82", ["ingress", 0, "cidr_blocks", 0]]})
	passes(wide, {"allowed_ports": [80, 81, 82]})
}

test_all_protocols_mean_all_ports if {
	every_port := group([inline({"cidr_blocks": ["0.0.0.0/0"], "protocol": "-1", "from_port": 0, "to_port": 0})])
	fails(every_port, {}, {["open to the internet on all ports", ["ingress", 0, "cidr_blocks", 0]]})
}

test_no_port_means_all_ports if {
	portless := group([inline({"cidr_blocks": ["0.0.0.0/0"], "from_port": null, "to_port": null})])
	fails(portless, {}, {["open to the internet on all ports", ["ingress", 0, "cidr_blocks", 0]]})
}

test_allowed_protocols_pass if {
	ping := group([inline({"cidr_blocks": ["0.0.0.0/0"], "protocol": "icmp", "from_port": -1, "to_port": -1})])
	passes(ping, {})
	fails(ping, {"allowed_protocols": []}, {["open to the internet on port -1", ["ingress", 0, "cidr_blocks", 0]]})
}

test_halves_of_the_internet_are_the_internet if {
	fails(group([inline({"cidr_blocks": ["128.0.0.0/1"]})]), {}, {["open to the internet on port 22", ["ingress", 0, "cidr_blocks", 0]]})
	fails(group([inline({"cidr_blocks": [], "ipv6_cidr_blocks": ["2000::/3"]})]), {}, {["open to the internet on port 22", ["ingress", 0, "ipv6_cidr_blocks", 0]]})
	passes(group([inline({"cidr_blocks": [], "ipv6_cidr_blocks": ["fc00::/7"]})]), {})
	fails(group([inline({"cidr_blocks": ["0.0.0.0/00"]})]), {}, {["open to the internet on port 22", ["ingress", 0, "cidr_blocks", 0]]})
}

test_an_unknown_source_is_undetermined if {
	doubts(
		with_unknown(group([inline({"cidr_blocks": [null]})]), [["arn"], ["ingress", 0, "cidr_blocks", 0]]),
		{},
		{[["ingress", 0, "cidr_blocks", 0], {["ingress", 0, "cidr_blocks", 0]}]},
	)
	doubts(
		with_unknown(group([null]), [["ingress", 0]]),
		{},
		{[["ingress", 0], {["ingress", 0]}]},
	)
}

test_an_unknown_source_of_an_allowed_port_passes if {
	passes(with_unknown(group([inline({"cidr_blocks": [null], "from_port": 443, "to_port": 443})]), [["ingress", 0, "cidr_blocks", 0]]), {})
}

test_a_wholly_unknown_rule_is_undetermined if {
	unknown := object.union(fixtures.resource({"type": "aws_security_group_rule", "unknown": [[]]}), {"after": null})
	doubts(unknown, {}, {[[], {[]}]})
}

test_a_known_public_source_hides_behind_no_unknown_one if {
	fails(
		with_unknown(group([inline({"cidr_blocks": [null, "0.0.0.0/0"]})]), [["ingress", 0, "cidr_blocks", 0]]),
		{},
		{["open to the internet on port 22", ["ingress", 0, "cidr_blocks", 1]]},
	)
}

test_an_unknown_port_is_undetermined if {
	open := fixtures.typed("aws_security_group_rule", {"type": "ingress", "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]})
	doubts(with_unknown(open, [["from_port"], ["to_port"]]), {}, {[["from_port"], {["from_port"], ["to_port"]}]})
}

test_an_unknown_port_of_a_private_source_passes if {
	closed := fixtures.typed("aws_security_group_rule", {"type": "ingress", "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]})
	passes(with_unknown(closed, [["from_port"], ["to_port"]]), {})
}

test_an_unknown_port_of_every_protocol_fails if {
	open := fixtures.typed("aws_security_group_rule", {"type": "ingress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]})
	fails(with_unknown(open, [["from_port"]]), {}, {["open to the internet on all ports", ["cidr_blocks", 0]]})
}

test_an_unknown_protocol_is_undetermined if {
	open := fixtures.typed("aws_security_group_rule", {"type": "ingress", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]})
	doubts(with_unknown(open, [["protocol"]]), {}, {[["protocol"], {["protocol"]}]})
	fails(open, {}, {["open to the internet on port 22", ["cidr_blocks", 0]]})
}

test_a_sensitive_source_is_undetermined if {
	doubts(
		group([inline({"cidr_blocks": ["(sensitive #1)"]})]),
		{},
		{[["ingress", 0, "cidr_blocks", 0], {["ingress", 0, "cidr_blocks", 0]}]},
	)
}

test_unknown_inline_rules_are_told if {
	new := with_unknown(fixtures.typed("aws_security_group", {}), [["arn"], ["ingress"]])
	result := said(new, {})
	result == {"applicable": {"aws_security_group.it"}, "deny": set(), "undetermined": set(), "warn": {["ingress"]}}
	doubts(new, {"inline_rules_unknown": "undetermined"}, {[["ingress"], {["ingress"]}]})
	passes(new, {"inline_rules_unknown": "ignore"})
}

test_a_separate_rule_fails if {
	fails(
		fixtures.typed("aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "tcp", "from_port": 5432, "to_port": 5432}),
		{},
		{["open to the internet on port 5432", ["cidr_ipv4"]]},
	)
	doubts(
		with_unknown(fixtures.typed("aws_vpc_security_group_ingress_rule", {"ip_protocol": "tcp", "from_port": 5432, "to_port": 5432}), [["cidr_ipv4"], ["id"]]),
		{},
		{[["cidr_ipv4"], {["cidr_ipv4"]}]},
	)
}

test_egress_is_not_applicable if {
	not_applicable(fixtures.typed("aws_security_group_rule", {"type": "egress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}), {})
	not_applicable(fixtures.typed("google_compute_firewall", {"direction": "EGRESS"}), {})
	not_applicable(fixtures.typed("azurerm_network_security_rule", {"direction": "Outbound", "access": "Allow"}), {})
}

azure(differences) := fixtures.typed("azurerm_network_security_rule", object.union(
	{
		"direction": "Inbound",
		"access": "Allow",
		"protocol": "Tcp",
		"source_address_prefix": "10.0.0.0/16",
		"source_address_prefixes": null,
		"destination_port_range": "22",
		"destination_port_ranges": null,
	},
	differences,
))

test_azure if {
	passes(azure({}), {})
	every source in ["*", "Internet", "0.0.0.0/0", "Any"] {
		fails(azure({"source_address_prefix": source}), {}, {["open to the internet on port 22", ["source_address_prefix"]]})
	}
	fails(
		azure({
			"source_address_prefix": null,
			"source_address_prefixes": ["10.0.0.0/16", "::/0"],
			"destination_port_range": null,
			"destination_port_ranges": ["443", "3000-3010", "22"],
		}),
		{},
		{["open to the internet on port 22, 3000-3010", ["source_address_prefixes", 1]]},
	)
	fails(azure({"source_address_prefix": "*", "destination_port_range": "*"}), {}, {["open to the internet on all ports", ["source_address_prefix"]]})
	fails(azure({"source_address_prefix": "*", "protocol": "*"}), {}, {["open to the internet on port 22", ["source_address_prefix"]]})
	passes(azure({"source_address_prefix": "*", "protocol": "*", "destination_port_range": "443"}), {})
	not_applicable(azure({"source_address_prefix": "*", "access": "Deny"}), {})
}

test_azure_inline if {
	fails(
		fixtures.typed("azurerm_network_security_group", {"security_rule": [
			{"direction": "Outbound", "access": "Allow", "protocol": "Tcp", "source_address_prefix": "*", "destination_port_range": "22"},
			{"direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_address_prefix": "*", "destination_port_range": "22"},
		]}),
		{},
		{["open to the internet on port 22", ["security_rule", 1, "source_address_prefix"]]},
	)
}

firewall(differences) := fixtures.typed("google_compute_firewall", object.union(
	{
		"disabled": null,
		"source_tags": null,
		"source_service_accounts": null,
		"allow": [{"protocol": "icmp", "ports": []}, {"protocol": "tcp", "ports": ["22"]}],
	},
	differences,
))

test_google if {
	fails(firewall({"source_ranges": ["0.0.0.0/0"]}), {}, {["open to the internet on port 22", ["allow", 1]]})
	passes(firewall({"source_ranges": ["35.235.240.0/20"]}), {})
	fails(
		firewall({"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp", "ports": []}]}),
		{},
		{["open to the internet on all ports", ["allow", 0]]},
	)
	not_applicable(firewall({"source_ranges": ["0.0.0.0/0"], "disabled": true}), {})
}

test_google_without_ranges if {
	doubts(with_unknown(firewall({}), [["direction"], ["source_ranges"]]), {}, {[["allow", 1], {["source_ranges"]}]})
	not_applicable(with_unknown(firewall({"source_tags": ["web"]}), [["direction"], ["source_ranges"]]), {})
}

test_google_with_unknown_rules if {
	doubts(
		with_unknown(fixtures.typed("google_compute_firewall", {"source_ranges": ["0.0.0.0/0"]}), [["allow"]]),
		{},
		{[["allow", 0], {["allow"]}]},
	)
}

test_allowed_resources_are_not_applicable if {
	not_applicable(group([inline({"cidr_blocks": ["0.0.0.0/0"]})]), {"allowed_resources": ["aws_security_group.*"]})
}

test_resources_that_go_or_stay_as_they_are_are_not_applicable if {
	open := group([inline({"cidr_blocks": ["0.0.0.0/0"]})])
	every action in ["no_op", "read", "delete", "forget"] {
		not_applicable(object.union(open, {"action": action}), {})
	}
	not_applicable(fixtures.resource({}), {})
}

test_an_import_is_looked_at if {
	open := group([inline({"cidr_blocks": ["0.0.0.0/0"]})])
	imported := object.union(open, {"action": "no_op", "importing": {"id": "sg-1", "unknown": false}})
	fails(imported, {}, {["open to the internet on port 22", ["ingress", 0, "cidr_blocks", 0]]})
}

test_google_ports_and_sources_each_by_themselves if {
	unknown_port := {"allow": [{"protocol": "tcp", "ports": [null]}]}
	passes(with_unknown(firewall(object.union(unknown_port, {"source_ranges": ["10.0.0.0/8"]})), [["allow", 0, "ports", 0]]), {})
	doubts(
		with_unknown(firewall(object.union(unknown_port, {"source_ranges": ["0.0.0.0/0"]})), [["allow", 0, "ports", 0]]),
		{},
		{[["allow", 0], {["allow", 0, "ports", 0]}]},
	)
	passes(firewall({"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp", "ports": ["443"]}]}), {})
	fails(
		with_unknown(firewall({"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp", "ports": ["22", null]}]}), [["allow", 0, "ports", 1]]),
		{},
		{["open to the internet on port 22", ["allow", 0]]},
	)
}

test_source_tags_beside_ranges_restrict_nothing if {
	fails(
		firewall({"source_ranges": ["0.0.0.0/0"], "source_tags": ["web"]}),
		{},
		{["open to the internet on port 22", ["allow", 1]]},
	)
}

test_a_narrow_range_of_ipv6_passes if {
	passes(group([inline({"ipv6_cidr_blocks": ["2001:db8::/32"]})]), {})
}

test_sensitive_protocols_and_ports_are_undetermined if {
	doubts(
		group([inline({"cidr_blocks": ["0.0.0.0/0"], "protocol": "(sensitive #1)"})]),
		{},
		{[["ingress", 0, "protocol"], {["ingress", 0, "protocol"]}]},
	)
	doubts(
		group([inline({"cidr_blocks": ["0.0.0.0/0"], "from_port": "(sensitive #1)"})]),
		{},
		{[["ingress", 0, "from_port"], {["ingress", 0, "from_port"]}]},
	)
}
