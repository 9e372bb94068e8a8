//! What is true of every world.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::field::Field;
use crate::writing::settings;

fn world(seed: u64) -> World {
    World::of(Plan { records: 300, ..Plan::of(seed, 100) })
}

#[test]
fn a_world_follows_from_its_seed_byte_by_byte() {
    for seed in 1..4 {
        let bytes = |world: &World| (world.files().unwrap(), world.truth().unwrap());
        let (once, again) = (world(seed), world(seed));
        assert_eq!(bytes(&once), bytes(&again), "seed {seed}");
        assert_eq!(settings(&once.plan), settings(&again.plan));
        assert_ne!(bytes(&once), bytes(&world(seed + 1)));
    }
}

/// A change of these means that no earlier figure of a world can be compared with a later one.
#[test]
fn worlds_are_what_they_were() {
    let mut sum = 0_u64;
    for seed in [1, 2, 3, 1_001] {
        for (_, bytes) in world(seed).files().unwrap() {
            for byte in bytes {
                sum = sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte);
            }
        }
    }
    assert_eq!(
        sum, 494_011_358_857_865_014,
        "seeds give other worlds: measure the baseline in benches/README.md again"
    );
}

#[test]
fn every_record_is_in_one_cluster_and_says_what_its_source_can() {
    for seed in 1..15 {
        let world = world(seed);
        let plan = &world.plan;
        let keys: BTreeSet<String> = world.rows.iter().map(|row| world.address(row)).collect();
        assert_eq!(keys.len(), world.rows.len(), "seed {seed}: a key twice");
        assert!(world.rows.len() >= plan.records as usize);
        let clusters: BTreeSet<u32> = world.rows.iter().map(|row| row.entity).collect();
        assert!(clusters.iter().copied().eq(0..world.entities), "seed {seed}");
        for row in &world.rows {
            let source = &plan.sources[row.source];
            for field in Field::ALL {
                let empty = row.cells[field.place()].is_empty();
                assert!(empty || source.missing[field.place()] < 1_000, "seed {seed}: {field:?}");
            }
            let names = [Field::Given, Field::Family, Field::Organisation];
            assert!(names.iter().any(|field| !row.cells[field.place()].is_empty()), "seed {seed}");
        }
    }
}

#[test]
fn records_fall_to_people_as_the_plan_says() {
    for seed in 1..9 {
        let plan = Plan { records: 2_000, ..Plan::of(seed, 100) };
        let (mean, parts) = (f64::from(plan.tenths_each) / 10.0, plan.sources.clone());
        let world = World::of(plan);
        let each = world.rows.len() as f64 / f64::from(world.entities);
        assert!((0.7..1.4).contains(&(each / mean)), "seed {seed}: {each} instead of {mean}");
        let all: u32 = parts.iter().map(|source| source.parts).sum();
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        for row in &world.rows {
            *counts.entry(row.source).or_default() += 1;
        }
        for (at, source) in parts.iter().enumerate() {
            let share = f64::from(counts[&at]) / world.rows.len() as f64;
            let expected = f64::from(source.parts) / f64::from(all);
            assert!((share - expected).abs() < 0.04, "seed {seed}: {share} instead of {expected}");
        }
    }
}

#[test]
fn names_are_as_skewed_as_in_life() {
    for seed in 1..9 {
        let plan = Plan { about: About::People, records: 2_000, ..Plan::of(seed, 100) };
        let mut families: BTreeMap<u32, String> = BTreeMap::new();
        for row in World::of(plan).rows {
            families.entry(row.entity).or_insert(row.cells[Field::Family.place()].to_lowercase());
        }
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for name in families.values() {
            *counts.entry(name.split(' ').next().unwrap_or_default()).or_default() += 1;
        }
        let most = f64::from(*counts.values().max().unwrap()) / families.len() as f64;
        assert!((0.003..0.25).contains(&most), "seed {seed}: the commonest has {most}");
        assert!(counts.len() * 4 > families.len().min(200), "seed {seed}: {} names", counts.len());
    }
}
