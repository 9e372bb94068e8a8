//! What ten million activities cost, on the machine at hand; run by name:
//! `ROWS=1000000 cargo test -p steward-desk measured -- --ignored --nocapture`.

use std::time::Instant;

use super::*;
use crate::activities::Recording;

const TOGETHER: usize = 4_096;

fn rows(test: &TestDesk, from: u64, people: u64) -> Vec<(ActivitySubject, Activity)> {
    let fingerprinter = &test.desk.as_ref().unwrap().fingerprinter;
    let row = |number: u64| {
        // Somebody, mostly of those who came often: in time order, as a shop has it.
        let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let who = (hash % people).min((hash >> 20) % people);
        let subject = ActivitySubject {
            key: Some(fingerprinter.of(["crm", &who.to_string()])),
            handles: Vec::new(),
        };
        let at = jiff::Timestamp::from_second(1_700_000_000 + (number * 6) as i64).unwrap();
        let cents = 500 + hash % 20_000;
        let activity = Activity {
            key: format!("{}", 10_000_000 + number).as_str().into(),
            kind: ActivityKind::new(["purchase", "page_view", "support"][(hash % 3) as usize])
                .unwrap(),
            at: domain::ActivityTime { at, offset: Some(60), is_day: false },
            money: Some(format!("{}.{:02} EUR", cents / 100, cents % 100).parse().unwrap()),
            properties: vec![(
                "channel".into(),
                ["web", "app", "shop"][(hash % 3) as usize].into(),
            )],
            line: number + 2,
        };
        (subject, activity)
    };
    (from..from + TOGETHER as u64).map(row).collect()
}

#[test]
#[ignore = "measures; see above"]
fn measured() {
    let count: u64 = std::env::var("ROWS").ok().and_then(|it| it.parse().ok()).unwrap_or(1_000_000);
    let people = count / 10;
    let mut test = TestDesk::governed(Databases::default(), 1, standing::MEASURES);
    let mut delivered = String::new();
    for person in 0..people {
        delivered.push_str(&format!("{person},Ada,Fernsby,a{person}@example.com,,,,,,,\n"));
    }
    test.import("crm", &delivered);
    let size = |test: &TestDesk, what: &str| {
        let path = test.folder.path().join(".steward").join(what);
        let files = match path.is_dir() {
            true => std::fs::read_dir(path).unwrap().map(|it| it.unwrap().path()).collect(),
            false => vec![path],
        };
        files.iter().filter_map(|it| it.metadata().ok()).map(|it| it.len()).sum::<u64>()
    };
    let before = size(&test, "ledger");
    for import in [101, 102] {
        let mut took = std::time::Duration::ZERO;
        let desk = test.desk();
        let mut recording: Recording =
            desk.begin_activities(ImportId(import), StreamName::new("orders")).unwrap();
        let mut from = 0;
        while from < count {
            let some = rows(&test, from, people);
            from += TOGETHER as u64;
            let began = Instant::now();
            recording.take(test.desk(), some).unwrap();
            took += began.elapsed();
        }
        let began = Instant::now();
        let counts = recording.finish(test.desk()).unwrap();
        took += began.elapsed();
        let rate = count as f64 / took.as_secs_f64();
        println!("import {import}: {took:.1?}, {rate:.0} rows/s, {counts:?}");
    }
    let ledger = size(&test, "ledger") - before;
    let derived = size(&test, "activities");
    println!(
        "ledger {:.1} bytes a row, derived {:.1}",
        ledger as f64 / count as f64,
        derived as f64 / count as f64
    );
    let began = Instant::now();
    let mut owned = 0u64;
    test.desk()
        .scan_activities(|_, _, owner| {
            owned += u64::from(owner.customer().is_some());
            Ok(())
        })
        .unwrap();
    println!("scan with customers: {:.1?}, {owned} owned", began.elapsed());
    let mut times = Vec::new();
    for person in 0..1000 {
        let began = Instant::now();
        test.desk().facts().activities_of(CustomerId(person * 7 % people as u32 + 1), ALL).unwrap();
        times.push(began.elapsed());
    }
    times.sort_unstable();
    println!("one customer: median {:.1?}, p99 {:.1?}", times[500], times[990]);
    let began = Instant::now();
    let standing = test.desk().facts().standing().unwrap();
    println!(
        "measures and segments of {} customers, cold: {:.1?}",
        standing.customers(),
        began.elapsed()
    );
    drop(standing);
    let mut times = Vec::new();
    for person in 0..100 {
        let pair = [1, 2].map(|at| CustomerId(person * 2 + at));
        test.decide(merge_request(&[&pair])).unwrap();
        let began = Instant::now();
        test.desk().facts().standing().unwrap();
        times.push(began.elapsed());
    }
    times.sort_unstable();
    println!("after a merge: median {:.1?}, the longest {:.1?}", times[50], times[99]);
    test.reopen();
    let began = Instant::now();
    test.desk().activity_log().unwrap();
    println!("from the file: {:.1?}", began.elapsed());
    std::fs::remove_file(test.folder.path().join(".steward/activities")).unwrap();
    test.reopen();
    let began = Instant::now();
    test.desk().activity_log().unwrap();
    println!("from the ledger: {:.1?}", began.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
}
