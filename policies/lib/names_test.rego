package plangate.lib.names_test

import data.plangate.lib.names

matches(list, text) if names.matched(names.patterns(list), text)

test_a_pattern_without_a_star_is_the_name_itself if {
	matches(["aws_s3_bucket"], "aws_s3_bucket")
	not matches(["aws_s3_bucket"], "aws_s3_bucket_policy")
	not matches(["aws_s3_bucket"], "AWS_S3_BUCKET")
}

test_a_star_is_any_text if {
	matches(["*"], "")
	matches(["*"], "a.b/c")
	matches(["aws_*"], "aws_")
	matches(["*_policy"], "aws_s3_bucket_policy")
	not matches(["*_policy"], "aws_policy_x")
	not matches(["aws_*_aws"], "aws")
	not matches(["ab*ba"], "aba")
}

test_several_stars if {
	matches(["google_*_iam_*"], "google_project_iam_member")
	not matches(["google_*_iam_*"], "google_iam_policy")
	matches(["*[\"*\"].*"], "module.a[\"x\"].b\nc")
}

test_other_signs_stand_for_themselves if {
	matches(["module.*.aws_instance.web[\"a.b\"]*"], "module.m.aws_instance.web[\"a.b\"]")
	not matches(["*a.b*"], "axb")
	not matches(["*a.b*c"], "axbc")
	every sign in [".", "+", "?", "(", ")", "|", "[", "]", "{", "}", "^", "$", "\\"] {
		matches([concat(sign, ["*a", "b*"])], concat(sign, ["xa", "by"]))
		not matches([concat(sign, ["*a", "b*"])], "xaby")
	}
}

test_one_of_many_is_enough if {
	matches(["a", "b*"], "bc")
	matches({"a", "b*"}, "a")
	not matches([], "a")
	not matches([""], "a")
}
