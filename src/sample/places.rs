//! Countries with their towns, postcodes, streets and telephone numbers.
//!
//! Telephone numbers come from the ranges that a country keeps for fiction (555-01xx in North
//! America, Ofcom's drama numbers, the Bundesnetzagentur's and Arcep's media numbers, ACMA's),
//! and in the Netherlands, which has none, from 555 exchanges. The British and French mobile ranges
//! for fiction are no numbers to libraries that know the numbering plans: their people give a second
//! landline.

use super::dice::Dice;
use super::names::Origin;

/// A country customers live in.
pub(super) struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    /// Share of customers, in thousandths.
    pub share: u32,
    /// Where its people's names come from, and how often, in thousandths.
    pub origins: &'static [(Origin, u32)],
    towns: &'static [Town],
    streets: &'static [&'static str],
    postcode: fn(&'static str, &mut Dice) -> String,
    is_number_first: bool,
    landlines: &'static [(&'static str, u32)],
    mobiles: &'static [(&'static str, u32)],
}

/// Name, region, beginning of the postcode, area code (North America only).
type Town = (&'static str, &'static str, &'static str, &'static str);

/// Where someone lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub street: String,
    pub city: &'static str,
    pub region: &'static str,
    pub postcode: String,
    pub area_code: &'static str,
}

impl Country {
    /// One by its share.
    pub fn pick(dice: &mut Dice) -> &'static Country {
        let mut at = dice.below(1000);
        for country in &COUNTRIES {
            if at < country.share {
                return country;
            }
            at -= country.share;
        }
        &COUNTRIES[0]
    }

    /// Whether its numbers are of the North American plan.
    pub fn is_north_american(&self) -> bool {
        matches!(self.code, "US" | "CA")
    }

    /// The origin of a name.
    pub fn origin(&self, dice: &mut Dice) -> Origin {
        let mut at = dice.below(1000);
        for (origin, share) in self.origins {
            if at < *share {
                return *origin;
            }
            at -= share;
        }
        Origin::English
    }

    /// A home.
    pub fn address(&self, dice: &mut Dice) -> Address {
        let (city, region, postcode, area_code) = self.towns[dice.index(self.towns.len())];
        Address {
            street: self.street(dice),
            city,
            region,
            postcode: (self.postcode)(postcode, dice),
            area_code,
        }
    }

    fn street(&self, dice: &mut Dice) -> String {
        let street = dice.pick(self.streets);
        if !self.is_number_first {
            return format!("{street} {}", dice.between(1, 180));
        }
        let number = dice.between(1, if self.code == "US" { 4999 } else { 250 });
        if self.is_north_american() && dice.chance(150) {
            format!("{number} {street} Apt {}", dice.between(1, 40))
        } else {
            format!("{number} {street}")
        }
    }

    /// A number with its country code: `+12175550104`. A large sample needs more numbers than
    /// 555-01xx has, and then takes the whole 555 exchange.
    pub fn phone(
        &self,
        area_code: &str,
        is_mobile: bool,
        is_large: bool,
        dice: &mut Dice,
    ) -> String {
        if self.is_north_american() {
            let area_code = if is_mobile || area_code.is_empty() {
                let (_, _, _, area_code) = self.towns[dice.index(self.towns.len())];
                area_code
            } else {
                area_code
            };
            let line = if is_large { dice.below(10_000) } else { dice.between(100, 199) };
            return format!("+1{area_code}555{line:04}");
        }
        let has_mobiles = is_mobile && !self.mobiles.is_empty();
        let ranges = if has_mobiles { self.mobiles } else { self.landlines };
        let (beginning, count) = ranges[dice.index(ranges.len())];
        let width = (count - 1).to_string().len();
        format!("{beginning}{:0width$}", dice.below(count))
    }
}

const LETTERS: &[u8] = b"ABDEFGHJLNPRSTUWXYZ";

fn letter(dice: &mut Dice) -> char {
    char::from(LETTERS[dice.index(LETTERS.len())])
}

fn two_digits(beginning: &'static str, dice: &mut Dice) -> String {
    format!("{beginning}{:02}", dice.between(1, 39))
}

fn one_digit(beginning: &'static str, dice: &mut Dice) -> String {
    format!("{beginning}{}", dice.between(0, 9))
}

fn british(beginning: &'static str, dice: &mut Dice) -> String {
    format!("{beginning} {}{}{}", dice.between(1, 9), letter(dice), letter(dice))
}

fn canadian(beginning: &'static str, dice: &mut Dice) -> String {
    format!("{beginning} {}{}{}", dice.between(1, 9), letter(dice), dice.between(1, 9))
}

fn dutch(beginning: &'static str, dice: &mut Dice) -> String {
    // The letters SA, SD and SS are never given out.
    let first = char::from(b"ABCDEGHJKLMNPRTVWXZ"[dice.index(19)]);
    format!("{beginning}{} {first}{}", dice.between(1, 9), letter(dice))
}

use Origin::{Dutch, English, French, German, Indian, Italian, Polish, Spanish};

/// Every country, the largest first.
pub(super) const COUNTRIES: [Country; 7] = [
    Country {
        code: "US",
        name: "United States",
        share: 640,
        origins: &[
            (English, 700),
            (Spanish, 150),
            (Italian, 40),
            (German, 30),
            (Indian, 40),
            (Polish, 25),
        ],
        postcode: two_digits,
        is_number_first: true,
        landlines: &[],
        mobiles: &[],
        towns: &[
            ("Springfield", "IL", "627", "217"),
            ("Decatur", "IL", "625", "217"),
            ("Chicago", "IL", "606", "312"),
            ("Madison", "WI", "537", "608"),
            ("Milwaukee", "WI", "532", "414"),
            ("Columbus", "OH", "432", "614"),
            ("Cleveland", "OH", "441", "216"),
            ("Toledo", "OH", "436", "419"),
            ("Austin", "TX", "787", "512"),
            ("Houston", "TX", "770", "713"),
            ("Dallas", "TX", "752", "214"),
            ("El Paso", "TX", "799", "915"),
            ("Denver", "CO", "802", "303"),
            ("Boulder", "CO", "803", "303"),
            ("Portland", "OR", "972", "503"),
            ("Salem", "OR", "973", "503"),
            ("Seattle", "WA", "981", "206"),
            ("Spokane", "WA", "992", "509"),
            ("Boise", "ID", "837", "208"),
            ("Phoenix", "AZ", "850", "602"),
            ("Tucson", "AZ", "857", "520"),
            ("San Diego", "CA", "921", "619"),
            ("Fresno", "CA", "937", "559"),
            ("Oakland", "CA", "946", "510"),
            ("Sacramento", "CA", "958", "916"),
            ("Los Angeles", "CA", "900", "213"),
            ("Atlanta", "GA", "303", "404"),
            ("Savannah", "GA", "314", "912"),
            ("Miami", "FL", "331", "305"),
            ("Tampa", "FL", "336", "813"),
            ("Orlando", "FL", "328", "407"),
            ("Charlotte", "NC", "282", "704"),
            ("Raleigh", "NC", "276", "919"),
            ("Richmond", "VA", "232", "804"),
            ("Nashville", "TN", "372", "615"),
            ("Memphis", "TN", "381", "901"),
            ("Boston", "MA", "021", "617"),
            ("Worcester", "MA", "016", "508"),
            ("Albany", "NY", "122", "518"),
            ("Buffalo", "NY", "142", "716"),
            ("Brooklyn", "NY", "112", "718"),
            ("Newark", "NJ", "071", "973"),
            ("Pittsburgh", "PA", "152", "412"),
            ("Philadelphia", "PA", "191", "215"),
            ("Baltimore", "MD", "212", "410"),
            ("Omaha", "NE", "681", "402"),
            ("Des Moines", "IA", "503", "515"),
            ("Minneapolis", "MN", "554", "612"),
            ("Saint Paul", "MN", "551", "651"),
            ("Kansas City", "MO", "641", "816"),
            ("Saint Louis", "MO", "631", "314"),
            ("Tulsa", "OK", "741", "918"),
            ("New Orleans", "LA", "701", "504"),
            ("Birmingham", "AL", "352", "205"),
        ],
        streets: &[
            "Rose Lane",
            "Hill Road",
            "Main Street",
            "Oak Street",
            "Maple Avenue",
            "Cedar Drive",
            "Elm Street",
            "Park Avenue",
            "Washington Street",
            "Lake Drive",
            "Pine Street",
            "Sunset Boulevard",
            "Church Street",
            "River Road",
            "Highland Avenue",
            "Mill Road",
            "Walnut Street",
            "Spring Street",
            "Ridge Road",
            "Willow Court",
            "Meadow Lane",
            "Forest Drive",
            "Jefferson Avenue",
            "Lincoln Street",
            "Chestnut Street",
            "Franklin Avenue",
            "Dogwood Drive",
            "Birch Lane",
            "Hickory Court",
            "Orchard Road",
            "Valley View Drive",
            "Prospect Street",
            "Cherry Lane",
            "Garden Street",
            "Magnolia Avenue",
            "North 3rd Street",
            "South 8th Avenue",
            "East Bay Street",
            "West End Avenue",
            "Juniper Way",
            "Canyon Road",
            "Harbor Drive",
            "Locust Street",
            "Poplar Street",
        ],
    },
    Country {
        code: "GB",
        name: "United Kingdom",
        share: 100,
        origins: &[(English, 840), (Indian, 100), (Polish, 40), (Italian, 20)],
        postcode: british,
        is_number_first: true,
        landlines: &[
            ("+442079460", 1000),
            ("+441134960", 1000),
            ("+441214960", 1000),
            ("+441614960", 1000),
            ("+441314960", 1000),
        ],
        mobiles: &[],
        towns: &[
            ("London", "Greater London", "SE1", ""),
            ("London", "Greater London", "N7", ""),
            ("Leeds", "West Yorkshire", "LS6", ""),
            ("Manchester", "Greater Manchester", "M14", ""),
            ("Birmingham", "West Midlands", "B13", ""),
            ("Bristol", "Bristol", "BS3", ""),
            ("Edinburgh", "Edinburgh", "EH9", ""),
            ("Cardiff", "Cardiff", "CF10", ""),
            ("Norwich", "Norfolk", "NR2", ""),
        ],
        streets: &[
            "High Street",
            "Station Road",
            "Church Lane",
            "Victoria Road",
            "Green Lane",
            "Manor Road",
            "Kings Road",
            "Park Road",
            "Mill Lane",
            "The Crescent",
            "Queensway",
            "Albert Street",
            "Springfield Road",
            "Grove Road",
        ],
    },
    Country {
        code: "DE",
        name: "Germany",
        share: 90,
        origins: &[(German, 880), (Polish, 60), (Italian, 40), (English, 20)],
        postcode: two_digits,
        is_number_first: false,
        landlines: &[
            ("+493023125", 1000),
            ("+494066969", 1000),
            ("+496990009", 1000),
            ("+492214710", 1000),
            ("+498999998", 1000),
        ],
        mobiles: &[("+4917139200", 100), ("+49176040690", 100)],
        towns: &[
            ("Berlin", "BE", "101", ""),
            ("Hamburg", "HH", "203", ""),
            ("Frankfurt am Main", "HE", "603", ""),
            ("Köln", "NW", "506", ""),
            ("München", "BY", "803", ""),
            ("Leipzig", "SN", "041", ""),
            ("Stuttgart", "BW", "701", ""),
            ("Nürnberg", "BY", "904", ""),
        ],
        streets: &[
            "Hauptstraße",
            "Bahnhofstraße",
            "Gartenstraße",
            "Lindenweg",
            "Goethestraße",
            "Schillerstraße",
            "Bergstraße",
            "Kirchgasse",
            "Mühlenweg",
            "Ringstraße",
            "Rosenweg",
            "Am Markt",
            "Waldstraße",
            "Schulstraße",
        ],
    },
    Country {
        code: "FR",
        name: "France",
        share: 60,
        origins: &[(French, 950), (Italian, 25), (Spanish, 25)],
        postcode: one_digit,
        is_number_first: true,
        landlines: &[
            ("+33199000", 1000),
            ("+33261910", 1000),
            ("+33353010", 1000),
            ("+33465710", 1000),
            ("+33536490", 1000),
        ],
        mobiles: &[],
        towns: &[
            ("Paris", "Île-de-France", "7501", ""),
            ("Lyon", "Auvergne-Rhône-Alpes", "6900", ""),
            ("Marseille", "Provence-Alpes-Côte d'Azur", "1300", ""),
            ("Lille", "Hauts-de-France", "5900", ""),
            ("Nantes", "Pays de la Loire", "4400", ""),
            ("Toulouse", "Occitanie", "3100", ""),
        ],
        streets: &[
            "rue de la République",
            "rue Victor Hugo",
            "avenue Jean Jaurès",
            "rue de l'Église",
            "place de la Mairie",
            "boulevard Gambetta",
            "rue des Lilas",
            "chemin du Moulin",
            "rue Pasteur",
            "allée des Tilleuls",
        ],
    },
    Country {
        code: "CA",
        name: "Canada",
        share: 50,
        origins: &[(English, 650), (French, 250), (Indian, 70), (Italian, 30)],
        postcode: canadian,
        is_number_first: true,
        landlines: &[],
        mobiles: &[],
        towns: &[
            ("Toronto", "ON", "M5V", "416"),
            ("Ottawa", "ON", "K1P", "613"),
            ("Montréal", "QC", "H2X", "514"),
            ("Vancouver", "BC", "V6B", "604"),
            ("Calgary", "AB", "T2P", "403"),
            ("Halifax", "NS", "B3J", "902"),
        ],
        streets: &[
            "King Street West",
            "Queen Street",
            "Dundas Street",
            "Maple Crescent",
            "Lakeshore Road",
            "Elgin Street",
        ],
    },
    Country {
        code: "NL",
        name: "Netherlands",
        share: 30,
        origins: &[(Dutch, 930), (German, 40), (Polish, 30)],
        postcode: dutch,
        is_number_first: false,
        landlines: &[("+31205550", 1000), ("+31105550", 1000), ("+31705550", 1000)],
        mobiles: &[("+316555010", 100), ("+316555011", 100)],
        towns: &[
            ("Amsterdam", "Noord-Holland", "101", ""),
            ("Rotterdam", "Zuid-Holland", "301", ""),
            ("Den Haag", "Zuid-Holland", "251", ""),
            ("Utrecht", "Utrecht", "351", ""),
            ("Groningen", "Groningen", "971", ""),
        ],
        streets: &[
            "Dorpsstraat",
            "Kerkstraat",
            "Molenweg",
            "Schoolstraat",
            "Prinsengracht",
            "Stationsweg",
            "Beatrixlaan",
        ],
    },
    Country {
        code: "AU",
        name: "Australia",
        share: 30,
        origins: &[(English, 820), (Italian, 60), (Indian, 80), (Dutch, 40)],
        postcode: one_digit,
        is_number_first: true,
        landlines: &[("+6125550", 10_000), ("+6137010", 10_000), ("+6175550", 10_000)],
        mobiles: &[("+61491570", 1000)],
        towns: &[
            ("Sydney", "NSW", "200", ""),
            ("Melbourne", "VIC", "300", ""),
            ("Brisbane", "QLD", "400", ""),
            ("Perth", "WA", "600", ""),
            ("Hobart", "TAS", "700", ""),
            ("Adelaide", "SA", "500", ""),
        ],
        streets: &[
            "George Street",
            "Collins Street",
            "Wattle Grove",
            "Banksia Avenue",
            "Beach Road",
            "Railway Parade",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(COUNTRIES.iter().map(|country| country.share).sum::<u32>(), 1000);
        for country in &COUNTRIES {
            assert!(country.origins.iter().map(|(_, share)| share).sum::<u32>() <= 1000);
        }
    }

    #[test]
    fn every_number_is_one_that_could_be_dialled() {
        let mut dice = Dice::new(3);
        let mut refused = std::collections::BTreeSet::new();
        for country in &COUNTRIES {
            for round in 0..2000 {
                let home = country.address(&mut dice);
                let phone = country.phone(home.area_code, round % 2 == 0, round % 4 < 2, &mut dice);
                if !is_valid(&phone) {
                    refused.insert(phone[..8].to_owned());
                }
            }
        }
        assert!(refused.is_empty(), "{refused:?}");
    }

    fn is_valid(phone: &str) -> bool {
        let util = &rlibphonenumber::PHONE_NUMBER_UTIL;
        util.parse(phone, None).is_ok_and(|number| util.is_valid_number(&number))
    }
}
