//! What happens beside the stewards: deliveries, matches, exports, erasures, keys, settings.

use super::super::*;
use super::office::{Office, UnderWay, people};
use super::plan::{Beside, End};
use domain::ReasonCode;
use door::Keeper;
use door::operations::{AdoptSettings, ChangeKeys, Erase, ErasureRequest, KeyChange, Rekey};

impl Office<'_> {
    pub(super) fn beside(&mut self, beside: &Beside) {
        let night =
            Session { id: door::SessionId(1_000_000), ..Session::local("nia", TimeZone::UTC) };
        if Keeper::is_working(self.test.desk()) {
            return self.works();
        }
        let before = self.keeping.clone();
        match beside {
            Beside::Import(kind, variant) => {
                self.came += 1;
                let rows =
                    std::io::Cursor::new(format!("{HEADER}{}", rows(*kind, *variant, self.came)));
                let import = Import::of(
                    SourceName::new(["crm", "shop"][usize::from(kind % 2)]),
                    "night.csv",
                );
                let _ = self.test.desk().act(&night, import, Streams::of_file(rows));
                self.works();
            }
            Beside::Match => {
                let _ = self.test.desk().act(&night, Match::default(), Streams::default());
                self.works_on();
            }
            Beside::Export => {
                let export =
                    testing::whole(crate::jobs::Dataset::Golden, crate::export::Format::Csv);
                let streams = Streams::writing(Box::new(std::io::sink()));
                let _ = self.test.desk().act(&night, export, streams);
                self.works_on();
            }
            Beside::Erase(number) => {
                let source = ["crm", "shop"][usize::from(number % 2)];
                let address = format!("{source}:{}", number / 2 % 6 + 1).parse().unwrap();
                self.disk.look_at(true);
                let facts = self.test.desk().facts();
                let found = facts.find(&address).unwrap();
                let customer = found.map(|record| facts.view.record(record).unwrap().customer);
                self.disk.look_at(false);
                let Some(customer) = customer else { return };
                let reason = Some(ReasonCode::new("request"));
                let request = ErasureRequest { customer, reason, note: None, request: None };
                let erased = self.test.desk().act(&night, Erase { request }, Streams::default());
                self.say(|| format!("{address}: {:?}", erased.as_ref().map(|it| it.sequence)));
            }
            Beside::Rekey => {
                let _ = self.test.desk().act(&night, Rekey {}, Streams::default());
                self.works_on();
            }
            Beside::Rotate => {
                let change = ChangeKeys { change: KeyChange::Rotate };
                let _ = self.test.desk().act(&night, change, Streams::default());
            }
            Beside::Settings(number) => {
                let claim = [5, 30, 240][usize::from(number % 3)];
                let text = SETTINGS.to_owned()
                    + &people(self.governed).replace("claim = 30", &format!("claim = {claim}"));
                std::fs::write(self.test.folder.path().join("steward.toml"), text).unwrap();
                // Refused while long work is under way: then it waits.
                let _ = self.test.desk().act(&night, AdoptSettings::default(), Streams::default());
            }
        }
        if self.disk.is_off() {
            let under_way = UnderWay { actor: night.person, before };
            self.ends(self.ends.unwrap_or(End::Killed), Some(under_way));
        }
    }

    /// Long work goes on until something of it is committed, however fast its threads are.
    pub(super) fn works(&mut self) {
        let head = self.test.desk().reader.head();
        while Keeper::is_working(self.test.desk()) && self.test.desk().reader.head() == head {
            Keeper::work(self.test.desk());
            std::thread::yield_now();
        }
    }

    fn works_on(&mut self) {
        while Keeper::is_working(self.test.desk()) {
            Keeper::work(self.test.desk());
            std::thread::yield_now();
        }
    }
}

/// What a source delivers in the night.
fn rows(kind: u8, variant: u8, came: u32) -> String {
    let names = ["Ashgrove", "Birchwood", "Cedarling", "Dunmore", "Elmhurst", "Fernhill"];
    let id = usize::from(variant) % 6;
    let family = names[id];
    match kind / 2 % 3 {
        // Somebody new, who looks like somebody.
        0 => format!(
            "{},Tom,{family},,+1402555010{},1984-03-12,{} Rose Lane,Omaha,,,2026-03-20\n",
            100 + came,
            id + 1,
            id + 1
        ),
        // Somebody has moved.
        1 => format!(
            "{},Thomas,{family},,+1402555010{},1984-03-12,{came} Alder Lane,Omaha,,,2026-04-20\n",
            id + 1,
            id + 1
        ),
        // Something is wrong with somebody.
        _ => format!(
            "{},Thomas,{family},no address {came},+1402555010{},1984-03-12,{} Rose Lane,Omaha,,,2026-05-20\n",
            id + 1,
            id + 1,
            id + 1
        ),
    }
}
