//! Random worlds: made-up customers whose every habit is drawn from a seed, what matching makes of them, and
//! a simulated steward who answers what it asks.
//!
//! `cargo bench --bench worlds -- --seeds 1001-1020 --curve`; see `benches/README.md`.
//!
//! The way of a world: [`plan`] draws what it is like, [`land`] (from the lists of `locale`) what its country
//! knows, [`people`] and [`firms`] who lives there, [`observe`] what sources say of them with the slips of
//! `slips`, and [`writing`] makes files of it. [`office`] is a desk in this process, [`steward`] answers its
//! tasks, [`measure`] and [`table`] tell what came of it. The desk is asked through the door, as by everybody.

pub mod arguments;
pub mod field;
pub mod firms;
pub mod granting;
pub mod land;
pub mod locale;
pub mod measure;
pub mod observe;
pub mod office;
pub mod peer;
pub mod people;
pub mod plan;
pub mod set;
pub mod skew;
pub mod slips;
pub mod steward;
pub mod table;
#[cfg(test)]
mod tests;
pub mod world;
pub mod writing;
