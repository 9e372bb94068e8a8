//! Names as people really have them, of many countries, and what holds for all of them.

use proptest::prelude::*;

use super::*;

/// Given names, family name and suffix; `-` where it cannot be told.
fn read(text: &str, country: &str) -> [String; 3] {
    let Some((standard, name)) = full(text, country) else {
        return ["", "", ""].map(str::to_owned);
    };
    let (again, _) = full(&standard, country).unwrap();
    assert_eq!(again, standard, "{text}");
    [name.given(), name.family(), name.suffix()].map(|part| part.unwrap_or("-").to_owned())
}

fn check(table: &[(&str, &str, &str, &str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, country, given, family, suffix)| {
            let read = read(text, country);
            (read != [*given, *family, *suffix]).then(|| format!("{text} ({country}): {read:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn titles_before_and_degrees_behind() {
    check(&[
        ("Ing. Jan Novák, CSc.", "CZ", "Jan", "Novák", "-"),
        ("Jana Nová, DiS.", "CZ", "Jana", "Nová", "-"),
        ("Novák Jan, DiS.", "CZ", "Novák", "Jan", "-"),
        ("doc. RNDr. Ing. Jan Novák, CSc., dr. h. c.", "CZ", "Jan", "Novák", "-"),
        ("prof. MUDr. Eva Malá, DrSc., MBA", "CZ", "Eva", "Malá", "-"),
        ("Mgr. et Mgr. Jana Nová, Ph. D.", "CZ", "Jana", "Nová", "-"),
        ("Mgr.Jana Nová", "CZ", "Jana", "Nová", "-"),
        ("JUDR. JAN NOVÁK, PH.D.", "CZ", "Jan", "Novák", "-"),
        ("Bc. Petr Malý ml.", "CZ", "Petr", "Malý", "Jr"),
        ("Petr Malý st.", "CZ", "Petr", "Malý", "Sr"),
        ("PhDr. PaedDr. Ľubica Kováčová, PhD.", "SK", "Ľubica", "Kováčová", "-"),
        ("Novák, Ing. Jan, CSc.", "CZ", "Jan", "Novák", "-"),
        ("dr hab. inż. Anna Wójcik", "PL", "Anna", "Wójcik", "-"),
        ("mgr inż. Jan Kowalski", "PL", "Jan", "Kowalski", "-"),
        ("Mag. (FH) Eva Huber, MSc", "AT", "Eva", "Huber", "-"),
        ("Mag.a Dr.in Eva Huber", "AT", "Eva", "Huber", "-"),
        ("Dipl.-Ing. Dr. techn. Max Huber", "AT", "Max", "Huber", "-"),
        ("dr. Nagy Péter", "HU", "Péter", "Nagy", "-"),
        ("Kovács Anna dr.", "HU", "Anna", "Kovács", "-"),
        ("ifj. Szabó István", "HU", "István", "Szabó", "Jr"),
        ("id. Tóth Gábor", "HU", "Gábor", "Tóth", "Sr"),
        ("Dott. Mario Rossi", "IT", "Mario", "Rossi", "-"),
        ("Dott.ssa Anna De Luca", "IT", "Anna", "De Luca", "-"),
        ("Avv. Paolo Bianchi", "IT", "Paolo", "Bianchi", "-"),
        ("Prof. Dr.Hans Weber", "DE", "Hans", "Weber", "-"),
        ("Dr. h. c. Karl Weiß", "DE", "Karl", "Weiß", "-"),
        ("Doç. Dr. Ayşe Yılmaz", "TR", "Ayşe", "Yılmaz", "-"),
        ("Atty. Jose Santos", "PH", "Jose", "Santos", "-"),
        ("John Smith Jr., M.D., Ph.D.", "US", "John", "Smith", "Jr"),
        ("John Smith, Jr. MD", "US", "John", "Smith", "Jr"),
        ("Dr. Smith PhD", "US", "-", "-", "-"),
        ("Smith PhD", "US", "-", "-", "-"),
        ("Smith, John, M.D.", "US", "John", "Smith", "-"),
    ]);
}

#[test]
fn initials_are_no_degree_and_no_title() {
    check(&[
        ("Smith, B.A.", "GB", "B.A.", "Smith", "-"),
        ("Smith, M. A.", "GB", "M. A.", "Smith", "-"),
        ("Anna Smith, B.A.", "GB", "Anna", "Smith", "-"),
        ("Anna Smith, B. A.", "GB", "Anna", "Smith", "-"),
        ("Anna Smith, MA, DO", "GB", "Anna", "Smith", "-"),
        ("Smith, Anna, B.A.", "GB", "Anna", "Smith", "-"),
        ("Anna Smith B.A.", "GB", "Anna", "Smith", "-"),
        ("Anna Smith MA", "GB", "-", "-", "-"),
        ("Anna Smith, D.I.S.", "CZ", "Anna", "Smith", "-"),
        ("Smith, D.I.S.", "CZ", "D.I.S.", "Smith", "-"),
        ("van der Berg, M.A.", "NL", "M.A.", "van der Berg", "-"),
        ("DE LA CRUZ, B.A.", "US", "B.A.", "de la Cruz", "-"),
        ("García López, M.A.", "ES", "M.A.", "García López", "-"),
        ("Dr. Weber, M.A.", "DE", "M.A.", "Weber", "-"),
        ("Smith, JD", "US", "JD", "Smith", "-"),
        ("Smith, M.D.", "US", "M.D.", "Smith", "-"),
        ("M.R. James", "GB", "M.R.", "James", "-"),
        ("H.C. Andersen", "DK", "H.C.", "Andersen", "-"),
        ("E.H. Gombrich", "GB", "E.H.", "Gombrich", "-"),
        ("D.R. Smith", "GB", "D.R.", "Smith", "-"),
        ("M.S. Dhoni", "IN", "M.S.", "Dhoni", "-"),
        ("MS Dhoni", "IN", "MS", "Dhoni", "-"),
        ("Ms Jane Smith", "GB", "Jane", "Smith", "-"),
        ("Ms Smith", "GB", "-", "-", "-"),
        ("Dame Diouf", "SN", "Dame", "Diouf", "-"),
        ("Bayan Ahmad", "SA", "Bayan", "Ahmad", "-"),
    ]);
}

#[test]
fn a_degree_alone_is_no_given_name() {
    for name in ["Smith, MD", "Smith, RN", "Smith, CFA", "Smith, PhD", "Smith, Esq."] {
        check(&[(name, "US", "-", "-", "-")]);
    }
    check(&[("Smith, Ann, MD", "US", "Ann", "Smith", "-"), ("Lee, Md", "US", "Md", "Lee", "-")]);
}

#[test]
fn muhammad_is_a_given_name() {
    check(&[
        ("Md Abdul Karim", "BD", "Md Abdul", "Karim", "-"),
        ("Md. Rahman", "BD", "Md.", "Rahman", "-"),
        ("MD KARIM", "BD", "Md", "Karim", "-"),
        ("MD. ABDUL KARIM", "BD", "Md. Abdul", "Karim", "-"),
        ("Karim, Md", "BD", "Md", "Karim", "-"),
        ("Rahman, Md.", "BD", "Md.", "Rahman", "-"),
        ("Karim, Md Abdul", "BD", "Md Abdul", "Karim", "-"),
        ("Dr. Md Rahman", "BD", "Md", "Rahman", "-"),
        ("John Smith MD", "US", "John", "Smith", "-"),
        ("JOHN SMITH MD", "US", "John", "Smith", "-"),
        ("John Smith, M.D.", "US", "John", "Smith", "-"),
        ("Abdul Karim, MD", "BD", "Abdul", "Karim", "-"),
        ("DR. KARIM MD", "BD", "Karim", "Md", "-"),
        ("NGUYEN THI DO", "VN", "Thi Do", "Nguyen", "-"),
        ("YO YO MA", "US", "Yo Yo", "Ma", "-"),
    ]);
    for (text, expected) in [("Md Abdul", "Md Abdul"), ("Md.", "Md."), ("Md", "Md")] {
        assert_eq!(given(Cow::Borrowed(text), "BD").unwrap(), expected);
    }
}

#[test]
fn a_nickname_alone_is_the_given_name() {
    check(&[
        ("\"Ann\" Lee", "US", "Ann", "Lee", "-"),
        ("(Bob) Lee", "US", "Bob", "Lee", "-"),
        ("Lee (Ann)", "US", "Ann", "Lee", "-"),
        ("LEE (ANN)", "US", "Ann", "Lee", "-"),
        ("‘Bob’ Lee", "US", "Bob", "Lee", "-"),
        ("„Bob“ Lee", "DE", "Bob", "Lee", "-"),
        ("Robert \"Bob\" Lee", "US", "Robert", "Lee", "-"),
        ("Robert (Bob) Lee", "US", "Robert", "Lee", "-"),
        ("Robert ‘Bob’ Lee", "US", "Robert", "Lee", "-"),
        ("Lee, Robert (Bob)", "US", "Robert", "Lee", "-"),
        ("Lee, \"Bob\"", "US", "Bob", "Lee", "-"),
        ("van der Berg (Jan)", "NL", "Jan", "van der Berg", "-"),
        ("John Lee (Jr.)", "US", "John", "Lee", "Jr"),
        ("Lee (deceased)", "US", "-", "-", "-"),
        ("\"Ann Lee\"", "US", "Ann", "Lee", "-"),
    ]);
    for (text, expected) in [
        ("\"Bob\"", "Bob"),
        ("(Polly)", "Polly"),
        ("Robert 'Bob'", "Robert"),
        ("Ing. Jan", "Jan"),
        ("Jan, Ph.D.", "Jan"),
        ("Anna M.D.", "Anna M.D."),
    ] {
        assert_eq!(given(Cow::Borrowed(text), "US").unwrap(), expected, "{text}");
    }
    for (text, expected) in [
        ("Novák, CSc.", "Novák"),
        ("Novák DiS.", "Novák"),
        ("Smith, B.A.", "Smith B.A."),
        ("Smith, Ph. D.", "Smith"),
        ("McDONALD", "McDonald"),
        ("van der BERG", "van der Berg"),
        ("O’NEILL", "O'Neill"),
        ("(Lee)", "Lee"),
        ("IŞIK", "Işik"),
    ] {
        assert_eq!(family(Cow::Borrowed(text), "GB").unwrap(), expected, "{text}");
    }
}

#[test]
fn capitals_of_family_names() {
    check(&[
        ("McDONALD, IAN", "GB", "Ian", "McDonald", "-"),
        ("McDONALD, Ian", "GB", "Ian", "McDonald", "-"),
        ("Ian McDONALD", "GB", "Ian", "McDonald", "-"),
        ("MacLEOD, Fiona", "GB", "Fiona", "MacLeod", "-"),
        ("O’NEILL, Sean", "IE", "Sean", "O'Neill", "-"),
        ("DE LA CRUZ, Maria", "US", "Maria", "de la Cruz", "-"),
        ("D'ANGELO, Maria", "IT", "Maria", "D'Angelo", "-"),
        ("van der BERG, Jan", "NL", "Jan", "van der Berg", "-"),
        ("VON DER HEIDE, Anna", "DE", "Anna", "von der Heide", "-"),
        ("van der Berg, J.", "NL", "J.", "van der Berg", "-"),
        ("SMITH, John Jr.", "US", "John", "Smith", "Jr"),
        ("SMITH-JONES, Anna", "GB", "Anna", "Smith-Jones", "-"),
        ("SMITH JONES, Anna", "GB", "Anna", "Smith Jones", "-"),
        ("DUPONT Marie", "FR", "Marie", "Dupont", "-"),
        ("IŞIL YILMAZ", "TR", "Işıl", "Yılmaz", "-"),
        ("YILMAZ, Işıl", "TR", "Işıl", "Yılmaz", "-"),
        ("Işıl YILMAZ", "TR", "Işıl", "Yılmaz", "-"),
        ("IJSBRAND IJZEREN", "NL", "IJsbrand", "IJzeren", "-"),
        ("LI, Wei", "CN", "Wei", "Li", "-"),
    ]);
}

#[test]
fn sixty_people() {
    check(&[
        ("ΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ", "GR", "Γιωργος", "Παπαδοπουλος", "-"),
        ("Παπαδόπουλος, Γιώργος", "GR", "Γιώργος", "Παπαδόπουλος", "-"),
        ("Seán Ó Briain", "IE", "Seán Ó", "Briain", "-"),
        ("Siobhán Ní Dhomhnaill", "IE", "Siobhán Ní", "Dhomhnaill", "-"),
        ("PATRICK O'BRIEN", "IE", "Patrick", "O'Brien", "-"),
        ("Rhys ap Thomas", "GB", "Rhys ap", "Thomas", "-"),
        ("Ludwig van Beethoven", "DE", "Ludwig", "van Beethoven", "-"),
        ("Freiherr Otto von Berg", "DE", "Freiherr Otto", "von Berg", "-"),
        ("Graf-Schmidt, Anna-Lena", "DE", "Anna-Lena", "Graf-Schmidt", "-"),
        ("Jan Willem van 't Hoff", "NL", "Jan Willem", "van 't Hoff", "-"),
        ("Van den Broeck, Luc", "BE", "Luc", "Van den Broeck", "-"),
        ("Jean-Baptiste de La Salle", "FR", "Jean-Baptiste", "de La Salle", "-"),
        ("Charles de Gaulle", "FR", "Charles", "de Gaulle", "-"),
        ("Mme Jeanne d'Arc", "FR", "Jeanne", "d'Arc", "-"),
        ("María del Carmen García López", "ES", "María", "del Carmen García López", "-"),
        ("Juan Pérez Gómez", "ES", "Juan", "Pérez Gómez", "-"),
        ("José da Silva Júnior", "BR", "José", "da Silva", "Júnior"),
        ("Ana Beatriz dos Santos", "BR", "Ana Beatriz", "dos Santos", "-"),
        ("Leonardo da Vinci", "IT", "Leonardo", "da Vinci", "-"),
        ("Giuseppe Dell'Acqua", "IT", "Giuseppe", "Dell'Acqua", "-"),
        ("Björn Åkesson", "SE", "Björn", "Åkesson", "-"),
        ("Søren Kierkegaard", "DK", "Søren", "Kierkegaard", "-"),
        ("Guðrún Jónsdóttir", "IS", "Guðrún", "Jónsdóttir", "-"),
        ("Mika Häkkinen", "FI", "Mika", "Häkkinen", "-"),
        ("Łukasz Żółć", "PL", "Łukasz", "Żółć", "-"),
        ("ŁUKASZ ŻÓŁĆ", "PL", "Łukasz", "Żółć", "-"),
        ("Edin Džeko", "BA", "Edin", "Džeko", "-"),
        ("EDIN DŽEKO", "BA", "Edin", "Džeko", "-"),
        ("Иванов Иван Иванович", "RU", "Иван Иванович", "Иванов", "-"),
        ("ИВАН ИВАНОВ", "RU", "Иван", "Иванов", "-"),
        ("Тарас Шевченко", "UA", "Тарас", "Шевченко", "-"),
        ("ნინო ბერიძე", "GE", "ნინო", "ბერიძე", "-"),
        ("Արամ Խաչատրյան", "AM", "Արամ", "Խաչատրյան", "-"),
        ("İbrahim Çelik", "TR", "İbrahim", "Çelik", "-"),
        ("IBRAHIM ÇELIK", "US", "Ibrahim", "Çelik", "-"),
        ("Abdul Rahman bin Ali", "MY", "Abdul Rahman", "bin Ali", "-"),
        ("Mohammed Al-Fayed", "AE", "Mohammed", "Al-Fayed", "-"),
        ("Omar El Sharif", "EG", "Omar", "El Sharif", "-"),
        ("दीपक शर्मा", "IN", "दीपक", "शर्मा", "-"),
        ("Smt. Indira Devi", "IN", "Indira", "Devi", "-"),
        ("Sri Mulyani", "ID", "Sri", "Mulyani", "-"),
        ("Suharto", "ID", "-", "-", "-"),
        ("Nguyễn Thị Hương", "VN", "Thị Hương", "Nguyễn", "-"),
        ("山田 太郎", "JP", "太郎", "山田", "-"),
        ("TANAKA Yuki", "JP", "Yuki", "Tanaka", "-"),
        ("김 민준", "KR", "민준", "김", "-"),
        ("陳大文", "HK", "-", "-", "-"),
        ("Wong Kar Wai", "HK", "Wong Kar", "Wai", "-"),
        ("Chukwuemeka Ijeoma", "NG", "Chukwuemeka", "Ijeoma", "-"),
        ("Thabo Mbeki", "ZA", "Thabo", "Mbeki", "-"),
        ("Pieter van der Merwe", "ZA", "Pieter", "van der Merwe", "-"),
        ("Mary-Kate St. John", "US", "Mary-Kate", "St. John", "-"),
        ("John Q. Public III", "US", "John Q.", "Public", "III"),
        ("Rev. Dr. Martin Luther King, Jr.", "US", "Martin Luther", "King", "Jr"),
        ("Shaquille O'Neal", "US", "Shaquille", "O'Neal", "-"),
        ("DeShawn McCoy", "US", "DeShawn", "McCoy", "-"),
        ("Mary Jane Watson-Parker", "US", "Mary Jane", "Watson-Parker", "-"),
        ("Hon. Ruth Bader Ginsburg", "US", "Ruth Bader", "Ginsburg", "-"),
        ("Sir Ian Holm", "GB", "Ian", "Holm", "-"),
        ("Baron Cohen, Sacha", "GB", "Sacha", "Baron Cohen", "-"),
        ("Kiri Te Kanawa", "NZ", "Kiri", "Te Kanawa", "-"),
        ("Leilani Ka'ahumanu", "US", "Leilani", "Ka'ahumanu", "-"),
    ]);
}

const NAMES: [&str; 24] = [
    "Anna",
    "Md",
    "Novák",
    "Lee",
    "Müller",
    "Ayşe",
    "Nagy",
    "Sean",
    "Diouf",
    "Ibrahim",
    "García",
    "Ян",
    "O'Brien",
    "McDonald",
    "van",
    "de",
    "Smith-Jones",
    "J.R.",
    "Wei",
    "Bo",
    "Papadopoulos",
    "Ijeoma",
    "İpek",
    "D'Angelo",
];

/// What says nothing of who it is.
const BESIDE: [&str; 26] = [
    "Dr.",
    "Ing.",
    "Mgr.",
    "MUDr.",
    "prof.",
    "doc.",
    "Mr.",
    "Dott.",
    "Avv.",
    "Mag.",
    "Dipl.-Ing.",
    "PhD",
    "Ph.D.",
    "CSc.",
    "DiS.",
    "MBA",
    "M.D.",
    "Esq.",
    "Jr.",
    "III",
    "(deceased)",
    "dr. h. c.",
    "B.A.",
    "Ph. D.",
    "Bc.",
    "inż.",
];

fn made() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let word = prop_oneof![
        3 => prop::sample::select(&NAMES[..]).prop_map(|name| (name, true)),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|beside| (beside, false)),
    ];
    let mark = prop::sample::select(vec![
        ("", ""),
        ("", ""),
        ("", ""),
        ("", ","),
        ("(", ")"),
        ("\"", "\""),
    ]);
    prop::collection::vec((word, mark), 1..7).prop_map(|words| {
        let mut names = Vec::new();
        let mut text = String::new();
        let count = words.len();
        for (at, ((word, is_name), (open, close))) in words.into_iter().enumerate() {
            // A marked name may go where two others stay.
            let is_marked = matches!(open, "(" | "\"") && !matches!(word, "van" | "de");
            let stays = !is_name || open.is_empty() || is_marked && at == 0;
            let (open, close) = if stays { (open, close) } else { ("", "") };
            if is_name && (!is_marked || at > 0 || count < 3) {
                names.push(word);
            }
            if is_marked && !is_name {
                text.push_str(word);
            } else {
                text.push_str(&format!("{open}{word}{close}"));
            }
            text.push(' ');
        }
        (text.trim_end().to_owned(), names)
    })
}

fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> =
        text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    letters.sort_unstable();
    letters
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    /// Titles and degrees may go; a name never does, whatever stands around it.
    #[test]
    fn no_name_vanishes((text, names) in made(), shouts in any::<bool>()) {
        let text = if shouts { text.to_uppercase() } else { text };
        if let Some((standard, name)) = full(&text, "US") {
            let left = letters(&standard);
            // In capitals it is a degree behind a name.
            for word in names.into_iter().filter(|name| !(shouts && *name == "Md")) {
                let mut rest = left.clone();
                for letter in letters(word) {
                    let at = rest.iter().position(|other| *other == letter);
                    prop_assert!(at.is_some(), "{word} of {text} is not in {standard}");
                    rest.remove(at.unwrap());
                }
            }
            if let (Some(given), Some(family)) = (name.given(), name.family()) {
                let suffix = name.suffix().unwrap_or_default();
                let parts = letters(&format!("{given}{family}{suffix}"));
                prop_assert_eq!(parts, letters(&name.standard), "{} as {}", text, standard);
            }
        }
    }
}
