package plangate.lib.resources_test

import data.plangate.lib.fixtures
import data.plangate.lib.resources

imported := {"importing": {"id": "x", "unknown": false}}

moved := {"previous_address": "aws_s3_bucket.old"}

test_written if {
	every action in ["create", "update", "replace", "unknown"] {
		resources.written(fixtures.resource({"action": action}))
		not resources.written(fixtures.resource({"action": action, "mode": "data"}))
		not resources.written(fixtures.resource({"action": action, "mode": "ephemeral"}))
	}
	every action in ["no_op", "read", "delete", "forget"] {
		not resources.written(fixtures.resource({"action": action}))
	}
}

test_an_import_is_written_and_a_move_is_not if {
	resources.written(fixtures.resource(object.union(imported, {"action": "no_op"})))
	not resources.written(fixtures.resource(object.union(imported, {"action": "no_op", "mode": "data"})))
	not resources.written(fixtures.resource(object.union(imported, {"action": "forget"})))
	not resources.written(fixtures.resource(object.union(moved, {"action": "no_op"})))
}

test_changed if {
	every action in ["create", "update", "replace", "delete", "forget", "unknown"] {
		resources.changed(fixtures.resource({"action": action}))
		not resources.changed(fixtures.resource({"action": action, "mode": "data"}))
	}
	every action in ["no_op", "read"] {
		not resources.changed(fixtures.resource({"action": action}))
	}
}

test_imports_and_moves_are_changes if {
	every differences in [imported, moved] {
		resources.changed(fixtures.resource(object.union(differences, {"action": "no_op"})))
		not resources.changed(fixtures.resource(object.union(differences, {"action": "no_op", "mode": "data"})))
	}
}
