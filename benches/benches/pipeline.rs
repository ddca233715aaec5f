//! How long each stage takes, from the bytes of a plan to a report, beside a bare scan of the same bytes.

#![allow(missing_docs, reason = "what criterion's macros make")]
#![allow(
    clippy::expect_used,
    reason = "where a generated plan cannot be read there is nothing to measure"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use plangate::{Format, Input, PolicySet, json::Value};
use serde::de::IgnoredAny;

/// Resources in the plan.
const SIZES: &[usize] = &[100, 1_000, 10_000];

fn pipeline(criterion: &mut Criterion) {
    let policies = PolicySet::bundled().expect("the bundled policies compile");
    for &size in SIZES {
        let plan = plangate_benches::plan(size);
        let input = Input::from_terraform(plan.as_bytes()).expect("a generated plan is read");
        let report = policies.evaluate(&input);

        let mut group = criterion.benchmark_group(format!("{size}"));
        group.throughput(Throughput::Bytes(plan.len() as u64));
        unhurried(&mut group, size);
        // What no reader of the plan can do without: the measure of the others.
        group.bench_function("scan", |bencher| {
            bencher.iter(|| serde_json::from_str::<IgnoredAny>(black_box(&plan)).expect("it is JSON"));
        });
        group.bench_function("parse", |bencher| {
            bencher.iter(|| Value::from_json("plan", black_box(plan.as_bytes())).expect("it is JSON"));
        });
        // Parsing included.
        group.bench_function("normalize", |bencher| {
            bencher.iter(|| Input::from_terraform(black_box(plan.as_bytes())).expect("it is a plan"));
        });
        group.bench_function("evaluate", |bencher| {
            bencher.iter(|| policies.evaluate(black_box(&input)));
        });
        for &format in Format::ALL {
            group.bench_function(format!("render_{format}"), |bencher| {
                bencher.iter(|| black_box(&report).render(format));
            });
        }
        group.finish();
    }
}

fn compile(criterion: &mut Criterion) {
    criterion.bench_function("compile_bundled", |bencher| bencher.iter(PolicySet::bundled));
}

/// Few samples where one takes seconds.
fn unhurried(group: &mut BenchmarkGroup<'_, WallTime>, size: usize) {
    group
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    if size >= 1_000 {
        group.sample_size(10);
    }
}

criterion_group!(benches, compile, pipeline);
criterion_main!(benches);
