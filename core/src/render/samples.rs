//! Reports for the renderers' tests, one for each thing that a reader can meet.

use std::collections::BTreeMap;

use crate::input::{Doubt, Path, Step, Tool};
use crate::location::{Location, Position};
use crate::policy::{Enforcement, Family, Severity};
use crate::report::{
    Access, Counts, Decision, Digests, EngineInfo, Finding, NotCounted, Obligation, ObligationStatus, Outcome,
    PlanSummary, REPORT_SCHEMA, Report, Verdict, WeighedDoubt,
};

/// Every sample by the name of its snapshots.
pub(super) fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("allowed", allowed()),
        ("denied", denied()),
        ("review", review()),
        ("undetermined", undetermined()),
        ("access_granted", access_granted()),
        ("access_denied", access_denied()),
        ("doubts", doubts()),
        ("broken", broken()),
        ("hostile", hostile()),
        ("empty", empty()),
    ]
}

pub(super) fn empty() -> Report {
    Report {
        schema: REPORT_SCHEMA,
        engine: EngineInfo {
            name: "plangate",
            version: "0.0.0",
        },
        decision: Decision::Allow,
        counts: Counts::default(),
        policies: Vec::new(),
        findings: Vec::new(),
        obligations: Vec::new(),
        access: None,
        doubts: Vec::new(),
        plan: None,
        digests: Digests::default(),
    }
}

fn allowed() -> Report {
    let mut naming = finding(
        "tagging.allowed_values",
        Severity::Low,
        "value of tag `env` is written in upper case",
    );
    naming.level = Enforcement::Advisory;
    naming.resource = Some("aws_s3_bucket.logs".to_owned());
    naming.path = path(&["tags", "env"]);
    naming.fix = Some("write it in lower case".to_owned());
    Report {
        counts: counts(41, 1, 0, 1),
        policies: vec![
            outcome("access.by_team", "Teams reach their own stacks", Verdict::NotApplicable),
            outcome("plan.no_destroy", "Databases are not destroyed", Verdict::Pass),
            outcome("tagging.allowed_values", "Tags have the agreed values", Verdict::Fail),
            outcome(
                "tagging.required_tags",
                "Resources carry the required tags",
                Verdict::Pass,
            ),
        ],
        findings: vec![naming],
        plan: Some(plan_summary()),
        ..empty()
    }
}

pub(super) fn denied() -> Report {
    let mut ingress = finding(
        "plan.public_ingress",
        Severity::Critical,
        "port 5432 is open to `0.0.0.0/0`",
    );
    ingress.resource = Some(
        "module.payments_platform.module.europe[\"eu-central-1\"].aws_security_group.ledger_database_access[0]"
            .to_owned(),
    );
    ingress.path = Path(vec![
        Step::Name("ingress".to_owned()),
        Step::Index(0),
        Step::Name("cidr_blocks".to_owned()),
    ]);
    ingress.fix = Some("limit `cidr_blocks` to networks of your own, or put the service behind a load balancer that is allowed to be public.".to_owned());
    let missing = |resource: &str, tag: &str| {
        let mut missing = finding(
            "tagging.required_tags",
            Severity::Medium,
            &format!("tag `{tag}` is missing"),
        );
        missing.resource = Some(resource.to_owned());
        missing.path = path(&["tags", tag]);
        missing.fix = Some(format!("add tag `{tag}`"));
        missing
    };
    let mut findings = vec![
        ingress,
        missing("aws_s3_bucket.receipts", "cost-center"),
        missing("aws_s3_bucket.receipts", "owner"),
    ];
    findings.extend((0..11).map(|index| missing(&format!("aws_sqs_queue.settlement[{index}]"), "owner")));
    let mut large = finding("plan.blast_radius", Severity::Low, "31 resources change at once");
    large.fix = Some("split the change".to_owned());
    large.level = Enforcement::Advisory;
    findings.push(large);
    Report {
        decision: Decision::Deny,
        counts: counts(1204, 15, 0, 0),
        policies: vec![
            outcome(
                "plan.blast_radius",
                "Changes are small enough to understand",
                Verdict::Fail,
            ),
            outcome("plan.no_destroy", "Databases are not destroyed", Verdict::Pass),
            outcome(
                "plan.public_ingress",
                "Nothing but the front door is open to the world",
                Verdict::Fail,
            ),
            outcome(
                "tagging.required_tags",
                "Resources carry the required tags",
                Verdict::Fail,
            ),
        ],
        findings,
        plan: Some(plan_summary()),
        ..empty()
    }
}

fn review() -> Report {
    Report {
        decision: Decision::Review,
        counts: counts(12, 1, 0, 0),
        policies: vec![
            outcome(
                "approval.by_environment",
                "Production needs two approvals",
                Verdict::Pass,
            ),
            outcome(
                "approval.by_type",
                "Security approves changes of access and network",
                Verdict::Fail,
            ),
        ],
        obligations: vec![
            Obligation {
                id: "approval.by_environment@anyone".to_owned(),
                policy: "approval.by_environment".to_owned(),
                level: Enforcement::Mandatory,
                from: vec!["anyone".to_owned()],
                count: 2,
                reason: "production needs two approvals".to_owned(),
                resources: Vec::new(),
                status: ObligationStatus::Satisfied,
                approved_by: vec!["linus".to_owned(), "margaret".to_owned()],
                missing: 0,
                candidates: vec!["ken".to_owned()],
                not_counted: Vec::new(),
            },
            Obligation {
                id: "approval.by_type@team:security".to_owned(),
                policy: "approval.by_type".to_owned(),
                level: Enforcement::Mandatory,
                from: vec!["team:security".to_owned(), "user:root".to_owned()],
                count: 2,
                reason: "IAM and network changes need the security team".to_owned(),
                resources: vec![
                    "aws_iam_role.payments".to_owned(),
                    "aws_security_group.payments".to_owned(),
                ],
                status: ObligationStatus::Missing,
                approved_by: vec!["ada".to_owned()],
                missing: 1,
                candidates: ["barbara", "donald", "edsger", "grace", "tony"]
                    .map(str::to_owned)
                    .to_vec(),
                not_counted: vec![
                    NotCounted {
                        reviewer: "dennis".to_owned(),
                        why: "it is for commit 3f1c2ab, and commits came after it".to_owned(),
                    },
                    NotCounted {
                        reviewer: "mallory".to_owned(),
                        why: "wrote the change".to_owned(),
                    },
                ],
            },
            Obligation {
                id: "approval.by_type@team:data".to_owned(),
                policy: "approval.by_type".to_owned(),
                level: Enforcement::Mandatory,
                from: vec!["team:data".to_owned()],
                count: 1,
                reason: "databases belong to the data team".to_owned(),
                resources: vec!["aws_db_instance.ledger".to_owned()],
                status: ObligationStatus::CannotTell,
                approved_by: Vec::new(),
                missing: 1,
                candidates: Vec::new(),
                not_counted: Vec::new(),
            },
        ],
        plan: Some(plan_summary()),
        ..empty()
    }
}

fn undetermined() -> Report {
    let open = |resource: &str, message: &str, unknown: Vec<Path>| {
        let mut open = finding("tagging.required_tags", Severity::High, message);
        open.verdict = Verdict::Undetermined;
        open.resource = Some(resource.to_owned());
        open.unknown = unknown;
        open
    };
    Report {
        decision: Decision::Review,
        counts: counts(3, 0, 2, 0),
        policies: vec![outcome(
            "tagging.required_tags",
            "Resources carry the required tags",
            Verdict::Undetermined,
        )],
        findings: vec![
            open(
                "aws_instance.web",
                "whether tag `cost center` has an allowed value is known only after apply",
                vec![path(&["tags", "cost center"]), path(&["tags_all", "cost center"])],
            ),
            open(
                "module.queue.aws_sqs_queue.this",
                "no tag is known before apply",
                vec![Path::default()],
            ),
        ],
        plan: Some(plan_summary()),
        ..empty()
    }
}

fn access_granted() -> Report {
    Report {
        counts: counts(1, 0, 0, 1),
        policies: vec![
            outcome("access.by_team", "Teams reach their own stacks", Verdict::Pass),
            outcome(
                "access.freeze",
                "Nobody writes while a freeze lasts",
                Verdict::NotApplicable,
            ),
        ],
        access: Some(Access {
            action: "write".to_owned(),
            granted: true,
            grants: BTreeMap::from([
                (
                    "read".to_owned(),
                    vec!["access.by_label".to_owned(), "access.by_team".to_owned()],
                ),
                ("write".to_owned(), vec!["access.by_team".to_owned()]),
            ]),
        }),
        ..empty()
    }
}

fn access_denied() -> Report {
    Report {
        decision: Decision::Deny,
        counts: counts(1, 1, 0, 0),
        policies: vec![
            outcome("access.by_team", "Teams reach their own stacks", Verdict::Pass),
            outcome("access.freeze", "Nobody writes while a freeze lasts", Verdict::Fail),
        ],
        findings: vec![
            finding(
                "access",
                Severity::High,
                "no policy grants `write` on `ledger` to `ada`",
            ),
            finding(
                "access.freeze",
                Severity::High,
                "the freeze `end of year` lasts until 2027-01-04T00:00:00Z",
            ),
        ],
        access: Some(Access {
            action: "write".to_owned(),
            granted: false,
            grants: BTreeMap::from([("read".to_owned(), vec!["access.by_team".to_owned()])]),
        }),
        ..empty()
    }
}

fn doubts() -> Report {
    let doubt = |code, message: &str, decision| WeighedDoubt {
        doubt: Doubt {
            code,
            message: message.to_owned(),
        },
        decision,
    };
    Report {
        decision: Decision::Deny,
        counts: counts(7, 0, 0, 0),
        policies: vec![outcome(
            "tagging.required_tags",
            "Resources carry the required tags",
            Verdict::Pass,
        )],
        doubts: vec![
            doubt("deferred", "2 changes were deferred to a later plan", Decision::Review),
            doubt(
                "errored",
                "planning failed part way, so the plan is partial: what was not planned cannot be seen here",
                Decision::Deny,
            ),
            doubt(
                "unknown_tool",
                "the plan does not tell whether Terraform or OpenTofu made it",
                Decision::Allow,
            ),
        ],
        plan: Some(PlanSummary {
            tool: Tool::Unknown,
            version: None,
            actions: BTreeMap::new(),
        }),
        ..empty()
    }
}

fn broken() -> Report {
    let mut failed = outcome("plan.cost", "Changes stay within the budget", Verdict::Fail);
    failed.errored = true;
    failed.reason = Some("plan/cost.rego:14:3: division by zero".to_owned());
    let mut no_change = outcome(
        "approval.by_type",
        "Security approves changes of access and network",
        Verdict::NotApplicable,
    );
    no_change.reason = Some("there is no change in the input".to_owned());
    Report {
        decision: Decision::Deny,
        counts: counts(0, 1, 0, 1),
        policies: vec![no_change, failed],
        plan: Some(plan_summary()),
        ..empty()
    }
}

fn hostile() -> Report {
    let mut hostile = finding(
        "plan.names",
        Severity::High,
        "name is \u{1b}[2J\u{1b}[32mALLOWED\u{1b}[0m\n\n# ALLOWED\n<!-- plangate:report --></details> @octo-org/everyone #1 | `x",
    );
    hostile.resource = Some("aws_s3_bucket.this[\"`@octocat`\u{202e}|\\\"]".to_owned());
    hostile.path = path(&["tags", "a`b\n@octocat"]);
    hostile.fix = Some("see https://example.com/?a=b&c=<script>, [link](https://example.com) ![image](x)".to_owned());
    Report {
        decision: Decision::Deny,
        counts: counts(0, 1, 0, 0),
        policies: vec![outcome("plan.names", "Names | are **plain**", Verdict::Fail)],
        findings: vec![hostile],
        ..empty()
    }
}

fn plan_summary() -> PlanSummary {
    PlanSummary {
        tool: Tool::Terraform,
        version: Some("1.9.8".to_owned()),
        actions: BTreeMap::from([
            ("create", 4),
            ("delete", 1),
            ("no_op", 1200),
            ("replace", 2),
            ("update", 24),
        ]),
    }
}

fn counts(pass: u64, fail: u64, undetermined: u64, not_applicable: u64) -> Counts {
    Counts {
        pass,
        fail,
        undetermined,
        not_applicable,
    }
}

fn outcome(policy: &str, title: &str, verdict: Verdict) -> Outcome {
    Outcome {
        policy: policy.to_owned(),
        title: title.to_owned(),
        family: Family::Plan,
        severity: Severity::Medium,
        level: Enforcement::Mandatory,
        verdict,
        decision: Decision::Allow,
        counts: counts(1, 0, 0, 0),
        reason: None,
        errored: false,
    }
}

pub(super) fn finding(policy: &str, severity: Severity, message: &str) -> Finding {
    Finding {
        id: policy.to_owned(),
        policy: policy.to_owned(),
        severity,
        level: Enforcement::Mandatory,
        verdict: Verdict::Fail,
        message: message.to_owned(),
        resource: None,
        path: Path::default(),
        unknown: Vec::new(),
        fix: None,
        location: Location::text("policy.rego", Position { line: 1, column: 1 }),
    }
}

fn path(names: &[&str]) -> Path {
    Path(names.iter().map(|name| Step::Name((*name).to_owned())).collect())
}
