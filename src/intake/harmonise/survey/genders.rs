//! What the letters of a column of genders stand for: by the other letters and the words beside them, by
//! earlier files, by the region. Where all of that is silent the letter is left unread, and said.

use super::Evidence;
use crate::harmonise::gender::{self, Word};
use domain::{Assumed, Basis, FieldName, FieldType, GenderLetters, Reading};
use settings::{Settings, Source};

/// The fields of genders of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Genders {
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    field: FieldName,
    /// The place of the field among those that are looked at.
    place: usize,
    /// Letters that a code list reads.
    coded: Vec<char>,
    /// The first line of each letter, and of each initial of a word with what the word says.
    letters: Vec<(char, u64)>,
    words: Vec<(char, Word, u64)>,
}

/// The most letters and initials that are kept of a column.
const MOST: usize = 32;

impl Genders {
    /// Nothing seen so far of these fields.
    pub(super) fn of(settings: &Settings, source: &Source, fields: &[FieldName]) -> Genders {
        let column = |(place, field): (usize, &FieldName)| {
            let declared = settings.field(field.as_str())?;
            let list = settings.code_list(field.as_str());
            let is_coded = |letter: &char| {
                let name = Some(source.name.as_str());
                list.is_some_and(|list| list.read(name, &letter.to_string()).is_some())
            };
            let coded = ['M', 'F', 'H', 'V', 'N'].into_iter().filter(is_coded).collect();
            let (letters, words) = (Vec::new(), Vec::new());
            let field = field.clone();
            (declared.field_type == FieldType::Gender).then_some(Column {
                field,
                place,
                coded,
                letters,
                words,
            })
        };
        Genders { columns: fields.iter().enumerate().filter_map(column).collect() }
    }

    /// Looks at a value of the field at that place, as delivered.
    pub(super) fn note(&mut self, place: usize, line: u64, raw: &str) {
        if self.columns.is_empty() || raw.len() > 32 {
            return;
        }
        if let Some(column) = self.columns.iter_mut().find(|column| column.place == place) {
            column.note(line, raw.trim().trim_end_matches('.'));
        }
    }

    /// Says what the letters of each column stand for, where they could stand for something else.
    pub(super) fn decide(&self, evidence: &Evidence<'_>, reading: &mut Reading) {
        let region = evidence.region().unwrap_or_default();
        for column in &self.columns {
            let begun = evidence.begun.and_then(|begun| begun.genders.get(&column.field));
            let found = begun.cloned().or_else(|| column.letters_of(region));
            let is_known = found.as_ref().is_some_and(|it| it.value.open().is_none());
            let shown = |it: &Assumed<GenderLetters>, import| match it.basis {
                Basis::Proved { .. } => Some(Assumed::of(it.value, Basis::Recorded { import })),
                Basis::Recorded { import } => {
                    Some(Assumed::of(it.value, Basis::Recorded { import }))
                }
                _ => None,
            };
            let before = || {
                let mut earlier = evidence.earlier.iter();
                earlier
                    .find_map(|(import, before)| shown(before.genders.get(&column.field)?, *import))
            };
            let found = if is_known || !column.is_doubtful() { found } else { before().or(found) };
            reading.genders.extend(found.map(|found| (column.field.clone(), found)));
        }
    }
}

impl Column {
    fn note(&mut self, line: u64, text: &str) {
        let mut signs = text.chars();
        let Some(first) = signs.next() else { return };
        let Some(first) = first.to_uppercase().next() else { return };
        if signs.next().is_none() {
            let is_new = !self.letters.iter().any(|(letter, _)| *letter == first);
            if is_new && self.letters.len() < MOST && !self.coded.contains(&first) {
                self.letters.push((first, line));
            }
        } else if self.words.len() < MOST
            && let Some(word) = gender::word_of_letter(text)
            && !self.words.iter().any(|(initial, same, _)| (*initial, *same) == (first, word))
        {
            self.words.push((first, word, line));
        }
    }

    fn line_of(&self, letters: &[char]) -> Option<u64> {
        let lines = self.letters.iter().filter(|(letter, _)| letters.contains(letter));
        lines.map(|(_, line)| *line).min()
    }

    fn word(&self, initial: char, word: Word) -> Option<u64> {
        let same = self.words.iter().find(|(first, same, _)| (*first, *same) == (initial, word));
        same.map(|(_, _, line)| *line)
    }

    /// Whether a letter stands there that means two things, and none beside it that tells.
    fn is_doubtful(&self) -> bool {
        let has = |letter| self.line_of(&[letter]).is_some();
        let is_usual =
            |(unusual, usual): (Option<u64>, Option<u64>)| unusual.is_none() && usual.is_some();
        let (m, f) = (is_usual(self.lines_of_m()), is_usual(self.lines_of_f()));
        (has('M') || has('V')) && !m || (has('F') || has('N')) && !f
    }

    /// What the letters stand for in a file of that region, which may be the source's own.
    fn letters_of(&self, region: (&str, bool)) -> Option<Assumed<GenderLetters>> {
        self.letters_of_m(region).or_else(|| self.letters_of_f(region))
    }

    /// The lines that say `M` is a woman here, and those that say it is a man.
    fn lines_of_m(&self) -> (Option<u64>, Option<u64>) {
        let f = self.line_of(&['F', 'W', 'K', 'Z', 'Ž', 'Q', 'Ж']);
        let h = self.line_of(&['H']);
        let is_woman = h.filter(|_| f.is_none()).or(self.word('M', Word::Female));
        let is_woman = is_woman
            .or(self.word('V', Word::Male))
            .or(self.word('H', Word::Male).filter(|_| f.is_none()));
        let is_man = f.filter(|_| h.is_none()).or(self.word('M', Word::Male));
        (is_woman, is_man.or(self.word('V', Word::Female)))
    }

    /// The lines that say `F` is a man here, and those that say it is a woman.
    fn lines_of_f(&self) -> (Option<u64>, Option<u64>) {
        let (f, n) = (self.line_of(&['F']), self.word('N', Word::Female));
        let m = self.line_of(&['M', 'H', 'B']);
        let is_man = self.word('F', Word::Male).or(n.filter(|_| f.is_some()));
        (is_man, m.or(self.word('F', Word::Female)).filter(|_| f.is_some()))
    }

    /// Of `M`, and of the `V` that is a man beside a *mujer* and a woman beside a man.
    fn letters_of_m(&self, region: (&str, bool)) -> Option<Assumed<GenderLetters>> {
        use GenderLetters::{HombreMujer, MaleFemale, ManVrouw, OpenM, VaronMujer};
        let (m, v) = (self.line_of(&['M']), self.line_of(&['V']));
        m.or(v)?;
        let h = self.line_of(&['H']);
        let (is_woman, is_man) = self.lines_of_m();
        let with_v = |with, without| if v.is_some() { with } else { without };
        let proved = |value, line| Some(Assumed::of(value, Basis::Proved { line }));
        let has_mujeres = gender::has_mujeres(region.0);
        match (is_woman, is_man) {
            (Some(line), None) => proved(with_v(VaronMujer, HombreMujer), line),
            // `M` and `F` are what most write.
            (None, Some(_)) if v.is_none() && !has_mujeres => None,
            (None, Some(line)) => proved(with_v(ManVrouw, MaleFemale), line),
            (None, None) if v.is_some() && matches!(region.0, "NL" | "BE" | "SR") => {
                Some(of_region(ManVrouw, region))
            }
            (None, None) if v.is_some() && m.is_some() && has_mujeres => {
                Some(of_region(VaronMujer, region))
            }
            (None, None) if v.is_none() && !has_mujeres && h.is_none() => None,
            _ => Some(Assumed::of(OpenM, Basis::Detected)),
        }
    }

    /// Of `F`, and of the `N` that is a woman beside a man or a *férfi*.
    fn letters_of_f(&self, region: (&str, bool)) -> Option<Assumed<GenderLetters>> {
        use GenderLetters::{FerfiNo, MaleFemale, MiesNainen, OpenF};
        let (f, n) = (self.line_of(&['F']), self.line_of(&['N']));
        let m = self.line_of(&['M', 'H', 'B']);
        let is_hungarian = region.0 == "HU";
        let proved = |value, line| Some(Assumed::of(value, Basis::Proved { line }));
        let (is_man, is_woman) = self.lines_of_f();
        match (f, n) {
            (None, Some(_)) if self.word('F', Word::Male).is_some() => None,
            (None, Some(line)) if m.is_some() && self.word('N', Word::Female).is_some() => {
                proved(MiesNainen, line)
            }
            (None, Some(_)) if m.is_some() && matches!(region.0, "FI" | "EE") => {
                Some(of_region(MiesNainen, region))
            }
            (Some(_), _) => match (is_man, is_woman) {
                (Some(line), None) => proved(FerfiNo, line),
                (None, Some(line)) if is_hungarian => proved(MaleFemale, line),
                (None, Some(_)) => None,
                (None, None) if n.is_some() && is_hungarian => Some(of_region(FerfiNo, region)),
                (None, None) if n.is_none() && !is_hungarian => None,
                _ => Some(Assumed::of(OpenF, Basis::Detected)),
            },
            _ => None,
        }
    }
}

fn of_region(letters: GenderLetters, (region, of_source): (&str, bool)) -> Assumed<GenderLetters> {
    Assumed::of(letters, Basis::Region { region: region.to_owned(), of_source })
}

#[cfg(test)]
mod tests {
    use super::super::Survey;
    use super::*;
    use domain::{ImportId, Place};
    use jiff::civil::date;

    fn decided(region: &str, cells: &str, codes: &str, earlier: &[(ImportId, Reading)]) -> Reading {
        let text = format!(
            "[workspace]\nname='a'\nregion='{region}'\n[fields]\nsex={{type='gender'}}\n[sources.crm]\n\
             key='id'\nmap={{sex='s'}}\n{codes}"
        );
        let settings = settings::parse(&text).unwrap();
        let source = &settings.sources[0];
        let mut survey = Survey::of(&settings, source, date(2026, 11, 29));
        for (line, raw) in (2..).zip(cells.split(' ')) {
            survey.note(Some(0), line, raw, false);
        }
        let evidence =
            Evidence { source, region: Some(region), begun: None, earlier, place: Place::Line };
        survey.decide(&evidence).unwrap()
    }

    #[test]
    fn the_other_letters_the_words_and_the_region_decide() {
        for (region, cells, expected) in [
            ("ES", "H M Hombre Mujer", "genders H/M (proved by line 2)"),
            ("ES", "H M H", "genders H/M (proved by line 2)"),
            ("US", "h m", "genders H/M (proved by line 2)"),
            ("ES", "M F", "genders M/F (proved by line 3)"),
            ("ES", "V M", "genders V/M (region ES)"),
            ("MX", "M Mujer", "genders H/M (proved by line 3)"),
            ("LT", "V M", "genders V/M (region LT)"),
            ("NL", "M V", "genders M/V (region NL)"),
            ("DE", "M V Vrouw", "genders M/V (proved by line 4)"),
            ("HU", "F N férfi nő", "genders F/N (proved by line 4)"),
            ("HU", "F N", "genders F/N (region HU)"),
            ("HU", "F M", "genders M/F (proved by line 3)"),
            ("FI", "M N", "genders M/N (region FI)"),
            ("US", "M N mies nainen", "genders M/N (proved by line 3)"),
            ("FR", "H F", ""),
            ("PT", "M F Feminino", "genders M/F (proved by line 3)"),
            ("PL", "K M", ""),
            ("CZ", "M Ž", ""),
            ("SE", "M K", ""),
            ("TR", "E K", ""),
            ("GR", "Α Γ", ""),
            ("RU", "М Ж", ""),
            ("US", "M F X", ""),
            ("US", "M M", ""),
            ("US", "M F N", ""),
            // A title tells nothing of a letter.
            ("US", "M Mrs", ""),
            ("US", "M M M M Mrs", ""),
            ("US", "M Female Ms", ""),
            ("FR", "m mme", ""),
            ("DE", "M Herr", ""),
            ("FR", "M Homme", ""),
            ("US", "M Miss F", ""),
            ("ES", "M Mrs", "M?"),
            ("ES", "M Sra Mujer", "genders H/M (proved by line 4)"),
            // Nothing tells, or too much does.
            ("ES", "M M M", "M?"),
            ("FR", "H F M", "M?"),
            ("US", "M V", "M?"),
            ("HU", "F F", "F?"),
            ("US", "F N", "F?"),
            ("ES", "M F Mujer", "M?"),
        ] {
            let reading = decided(region, cells, "", &[]);
            let mut told = reading.assumptions(Place::Line);
            told.extend(
                reading
                    .genders
                    .values()
                    .filter(|it| it.value.open().is_some())
                    .map(|it| it.value.to_string()),
            );
            assert_eq!(told.join("; "), expected, "{region}: {cells}");
            assert_eq!(reading.remarks(Place::Line).is_empty(), !expected.ends_with('?'));
        }
    }

    #[test]
    fn what_is_declared_or_was_proved_before_holds() {
        let coded = decided("ES", "M M", "[codes.sex]\nM='female'", &[]);
        assert!(coded.genders.is_empty());
        let proved = decided("ES", "H M", "", &[]);
        let later = decided("ES", "M", "", &[(ImportId(3), proved)]);
        assert_eq!(later.assumptions(Place::Line), ["genders H/M (as import I3 proved)"]);
        // What a file says itself counts for more.
        let proved = decided("US", "H M", "", &[]);
        for cells in ["M F", "M F Mrs", "M Male", "F M Male"] {
            let later = decided("US", cells, "", &[(ImportId(3), proved.clone())]);
            assert!(later.genders.is_empty(), "{cells}: {:?}", later.assumptions(Place::Line));
        }
    }
}
