//! A random walk through everything that can be done with records and activities, each step compared with the
//! plainest model.

use super::*;
use domain::{FieldName, ReasonCode};
use door::operations::ErasureRequest;
use rand_like::Dice;
use std::collections::BTreeMap;

/// Chance that repeats itself.
mod rand_like {
    pub(super) struct Dice(pub(super) u64);

    impl Dice {
        /// A number below `of`.
        pub(super) fn below(&mut self, of: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % of as u64) as usize
        }

        pub(super) fn of<T: Copy>(&mut self, list: &[T]) -> T {
            list[self.below(list.len())]
        }
    }
}

const MAILS: [&str; 6] =
    ["a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com", ""];

/// How many merges and the like, undos, withdrawals that took anything, erasures, activities that had no owner or several,
/// corrections, and commits that measures followed.
fn walk(seed: u64, steps: usize) -> [usize; 7] {
    let mut done = [0; 7];
    let mut dice = Dice(seed * 7919 + 1);
    let mut test = TestDesk::governed(Databases::default(), seed, standing::MEASURES);
    let mut import = 100;
    let mut imports: Vec<u32> = Vec::new();
    let mut decisions: Vec<DecisionId> = Vec::new();
    test.import("crm", "1,Ada,Fernsby,a@example.com,,,,,,,\n2,Theo,Oak,b@example.com,,,,,,,\n");
    for step in 0..steps {
        let customers: Vec<CustomerId> = {
            let mut live = Vec::new();
            let facts = test.desk().facts();
            facts
                .view
                .each_customer(&mut |id, state| {
                    live.extend(state.is_live().then_some(id));
                    Ok(true)
                })
                .unwrap();
            live
        };
        let what = dice.below(23);
        match what {
            0..=3 => {
                let number = 1 + dice.below(7);
                let mail = dice.of(&MAILS);
                let family = dice.of(&["Fernsby", "Oak"]);
                test.import("crm", &format!("{number},Ada,{family},{mail},,,,,,,\n"));
            }
            4..=9 => {
                import += 1;
                let rows: Vec<(String, String, String)> = (0..1 + dice.below(5))
                    .map(|_| {
                        let key = format!("crm:{}", 1 + dice.below(9));
                        let mail = dice.of(&MAILS);
                        let named = match dice.below(4) {
                            0 => key,
                            1 => format!("{key}|{mail}"),
                            2 => format!("{mail}|{}", dice.of(&MAILS)),
                            _ => mail.to_owned(),
                        };
                        let amount = format!("{}.00 EUR", dice.below(3));
                        (named, format!("o{}", dice.below(12)), amount)
                    })
                    .collect();
                let rows: Vec<(&str, &str, &str)> =
                    rows.iter().map(|(a, b, c)| (&**a, &**b, &**c)).collect();
                test.orders(import, &rows);
                imports.push(import);
            }
            10..=12 if customers.len() > 1 => {
                let (one, other) = (dice.of(&customers), dice.of(&customers));
                if one != other
                    && let Ok(receipt) = test.decide(merge_request(&[&[one, other]]))
                {
                    decisions.push(receipt.decision);
                    done[0] += 1;
                }
            }
            13 if !customers.is_empty() => {
                let customer = dice.of(&customers);
                let facts = test.desk().facts();
                let state = facts.view.customer(customer).unwrap().unwrap();
                let record = facts.body(state.members[0]).unwrap().address;
                let records = vec![record];
                let request = Request::new(Action::Unmerge { customer, records });
                decisions.extend(test.decide(request).map(|receipt| receipt.decision).ok());
            }
            14 | 15 if !decisions.is_empty() => {
                let request = undo_request(dice.of(&decisions), true);
                let undone = test.decide(request).map(|receipt| receipt.decision).ok();
                done[1] += usize::from(undone.is_some());
                decisions.extend(undone);
            }
            16 | 17 if !imports.is_empty() => {
                import += 1;
                let before = test.owned();
                test.withdraws(dice.of(&imports), import);
                done[2] += usize::from(test.owned() != before);
                imports.push(import);
            }
            18 if !customers.is_empty() && step % 4 == 0 => {
                let customer = dice.of(&customers);
                let reason = Some(ReasonCode::new("request"));
                let request = ErasureRequest { customer, reason, note: None, request: None };
                test.clock.advance(60);
                let erased = test.desk().erase(&request, &mut |_, _| {});
                done[3] += usize::from(erased.is_ok());
                decisions.clear();
            }
            19 => test.reopen(),
            20..=22 => {
                let record: RecordAddress = format!("crm:{}", 1 + dice.below(7)).parse().unwrap();
                let mail = dice.of(&MAILS);
                let (mut values, mut cleared) = (BTreeMap::new(), Vec::new());
                match mail {
                    "" => cleared.push(FieldName::new("email")),
                    mail => drop(values.insert(FieldName::new("email"), mail.to_owned())),
                }
                let chosen = BTreeMap::new();
                let request = Request::new(Action::Correct { record, values, chosen, cleared });
                let corrected = test.decide(request).map(|receipt| receipt.decision).ok();
                done[5] += usize::from(corrected.is_some());
                decisions.extend(corrected);
            }
            _ => {
                let number = 1 + dice.below(7);
                let record = format!("crm:{number}").parse().unwrap();
                let _ = test.decide(Request::new(Action::Quarantine { record }));
            }
        }
        let expected = model::owned(&mut test);
        let owned = test.owned();
        assert_eq!(owned, expected, "seed {seed}, step {step}: {what}");
        let wrong = test.standing_is_wrong();
        assert_eq!(wrong, None, "seed {seed}, step {step}: {what}");
        done[4] += usize::from(owned.iter().any(|line| line.ends_with("several")));
        for customer in customers {
            let mut keys = test.keys_of(customer);
            keys.sort();
            let own = |line: &&String| line.ends_with(&format!(" {customer}"));
            let key = |line: &String| line.split(' ').next().unwrap().to_owned();
            let own: Vec<String> = expected.iter().filter(own).map(key).collect();
            assert_eq!(keys, own, "seed {seed}, step {step}: {customer}");
        }
    }
    done[6] += test.followed() as usize;
    let owned = test.owned();
    test.rebuild();
    assert_eq!(test.owned(), owned, "seed {seed}");
    done
}

#[test]
fn whatever_is_done_each_activity_is_whose_the_plainest_model_says() {
    let mut all = [0; 7];
    for seed in 1..=20 {
        let done = walk(seed, 60);
        all.iter_mut().zip(done).for_each(|(all, done)| *all += done);
    }
    assert!(all.iter().all(|done| *done > 5), "it walks past something: {all:?}");
}
