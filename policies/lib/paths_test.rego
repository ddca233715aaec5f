package plangate.lib.paths_test

import data.plangate.lib.paths

unknown(all, path) := paths.unknown({"unknown": all}, path)

test_the_path_itself if unknown([["arn"], ["tags", "a"]], ["tags", "a"]) == {["tags", "a"]}

test_what_lies_above if {
	unknown([["ingress", 0]], ["ingress", 0, "cidr_blocks"]) == {["ingress", 0]}
	unknown([[]], ["ingress", 0]) == {[]}
}

test_what_lies_below if {
	unknown([["ingress", 0, "cidr_blocks", 1], ["ingress", 0, "self"]], ["ingress", 0, "cidr_blocks"]) == {["ingress", 0, "cidr_blocks", 1]}
}

test_neighbours_are_not_related if {
	unknown([["ingress", 1], ["egress", 0], ["ingress_all"], ["ingress", "0"]], ["ingress", 0]) == set()
	unknown([], ["ingress", 0]) == set()
}
