package plangate.lib.names_test

import data.plangate.lib.names

test_a_pattern_without_a_star_is_the_name_itself if {
	names.matched(["aws_s3_bucket"], "aws_s3_bucket")
	not names.matched(["aws_s3_bucket"], "aws_s3_bucket_policy")
	not names.matched(["aws_s3_bucket"], "AWS_S3_BUCKET")
}

test_a_star_is_any_text if {
	names.matched(["*"], "")
	names.matched(["*"], "a.b/c")
	names.matched(["aws_*"], "aws_")
	names.matched(["*_policy"], "aws_s3_bucket_policy")
	not names.matched(["aws_*_aws"], "aws")
	not names.matched(["ab*ba"], "aba")
}

test_several_stars if {
	names.matched(["google_*_iam_*"], "google_project_iam_member")
	not names.matched(["google_*_iam_*"], "google_iam_policy")
	names.matched(["*[\"*\"].*"], "module.a[\"x\"].b\nc")
}

test_other_signs_stand_for_themselves if {
	names.matched(["module.*.aws_instance.web[\"a.b\"]*"], "module.m.aws_instance.web[\"a.b\"]")
	not names.matched(["*a.b*"], "axb")
	not names.matched(["*a.b*c"], "axbc")
	every sign in [".", "+", "?", "(", ")", "|", "[", "]", "{", "}", "^", "$", "\\"] {
		names.matched([concat(sign, ["*a", "b*"])], concat(sign, ["xa", "by"]))
		not names.matched([concat(sign, ["*a", "b*"])], "xaby")
	}
}

test_one_of_many_is_enough if {
	names.matched(["a", "b*"], "bc")
	names.matched({"a", "b*"}, "a")
	not names.matched([], "a")
	not names.matched([""], "a")
}
