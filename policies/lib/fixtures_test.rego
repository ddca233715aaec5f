# METADATA
# title: Builders of inputs for tests
# description: Each takes what matters to a test and fills in the rest, so that a test shows only what it is about.
package plangate.lib.fixtures

# A new bucket of AWS without tags.
resource(differences) := object.union(
	{
		"address": "aws_s3_bucket.logs",
		"module": "",
		"module_path": [],
		"mode": "managed",
		"type": "aws_s3_bucket",
		"name": "logs",
		"provider": {"host": "registry.terraform.io", "namespace": "hashicorp", "type": "aws"},
		"action": "create",
		"actions": ["create"],
		"destroys": false,
		"replace_paths": [],
		"before": null,
		"after": {},
		"unknown": [],
		"sensitive": [],
		"tags": {
			"supported": "yes",
			"attribute": "tags",
			"values": {},
			"origin": {},
			"unknown_keys": [],
			"all_unknown": false,
			"previous": {},
		},
	},
	differences,
)

# A resource of a type, with attributes.
typed(type, after) := resource({
	"address": concat(".", [type, "it"]),
	"type": type,
	"name": "it",
	"after": after,
})

# The bucket with these tags.
tagged(values) := resource({"tags": {"values": values}})

# An input with a plan of these resources.
plan(resources) := plan_with(resources, {})

plan_with(resources, differences) := {"schema": "plangate.input/v1", "plan": object.union(
	{
		"tool": "terraform",
		"version": "1.14.0",
		"format_version": "1.2",
		"mode": "normal",
		"complete": true,
		"errored": false,
		"applyable": true,
		"doubts": [],
		"resources": resources,
		"by_type": {type: same |
			some each in resources
			type := each.type
			same := [other | some other in resources; other.type == type]
		},
		"outputs": {},
		"drift": [],
		"deferred": [],
		"actions": [],
		"checks": [],
		"variables": {},
	},
	differences,
)}

# A pull request of ada.
change(differences) := object.union(
	{
		"provider": "github",
		"repository": {"full_name": "acme/payments", "private": "yes"},
		"author": {"id": "1", "login": "ada", "kind": "user"},
		"head": {"name": "feature", "sha": "aaaa"},
		"base": {"name": "main", "sha": "bbbb"},
		"commits": [],
		"files": [],
		"reviews": [],
		"complete": {"commits": true, "files": true, "reviews": true},
		"teams": {},
		"origins": {},
		"notes": [],
	},
	differences,
)

# An opinion of grace on the present head.
review(differences) := object.union(
	{
		"reviewer": {"id": "2", "login": "grace", "kind": "user"},
		"state": "approved",
		"raw_state": "APPROVED",
		"commit": "aaaa",
		"current": "yes",
		"self": false,
		"by_committer": "no",
		"bot": false,
		"association": "MEMBER",
		"teams": [],
		"counts": true,
		"why": "approved the present head",
	},
	differences,
)

# A request of ada's, of the payments team, for the payments stack.
request(action, differences) := object.union(
	{
		"schema": "plangate.input/v1",
		"actor": {"login": "ada", "teams": ["payments"], "teams_complete": true},
		"stack": {"name": "payments", "labels": ["team:payments"]},
		"request": {"action": action},
	},
	differences,
)
