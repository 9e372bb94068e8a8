//! JSON values cut out of a file one after the other, whether they stand in one list or one below the
//! other: at most one of them is in memory, and what lies between is passed over unread.

use std::io::{self, BufRead, BufReader};

use super::input::Input;
use super::mapping::plain_name;
use super::{COLUMN_LIMIT, KEPT_LIMIT, ROW_LIMIT};
use crate::headings;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;

/// What stands before each value of a sequence of JSON texts.
const SEQUENCE: u8 = 0x1e;

/// How deep a list of records is looked for.
const DEPTH: u32 = 4;
/// So many lists are named.
const MOST_LISTS: usize = 5;

/// A value as it stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// The line in which it begins, counted from 1.
    pub line: u64,
    /// Its last line.
    pub last_line: u64,
    /// Its bytes; of one that is too long, the first.
    pub bytes: Vec<u8>,
    /// How many bytes it has.
    pub length: u64,
    /// Whether its end was found.
    pub is_closed: bool,
}

impl Value {
    /// Whether it is kept whole.
    pub fn is_whole(&self) -> bool {
        self.bytes.len() as u64 == self.length
    }
}

/// The values of a file.
pub(super) struct Values {
    input: BufReader<Input>,
    line: u64,
    /// Whether they stand in a list.
    in_list: bool,
    /// Whether that list stands in no object.
    at_root: bool,
    /// The names on the way to the list in each object of the file.
    path: Vec<String>,
    ended: bool,
}

impl Values {
    /// The values from the beginning on, or of the list that stands there.
    ///
    /// # Errors
    /// When the input fails.
    pub fn of(input: Input) -> io::Result<Values> {
        let input = BufReader::with_capacity(CHUNK, input);
        let mut values = Values {
            input,
            line: 1,
            in_list: false,
            at_root: true,
            path: Vec::new(),
            ended: false,
        };
        values.pass_mark()?;
        values.enter_list()?;
        Ok(values)
    }

    /// The list at the end of a path of names: of `data.customers` in an object that holds it. `None`:
    /// there is no list.
    ///
    /// # Errors
    /// When the input fails.
    pub fn of_list_at(input: Input, path: &str) -> io::Result<Option<Values>> {
        let input = BufReader::with_capacity(CHUNK, input);
        let mut values = Values {
            input,
            line: 1,
            in_list: false,
            at_root: true,
            path: Vec::new(),
            ended: false,
        };
        values.pass_mark()?;
        values.at_root = false;
        values.path = path.split('.').map(str::to_owned).collect();
        Ok(values.enter_path()?.then_some(values))
    }

    /// Goes into the list at the end of the path in the object that begins here; false: there is none.
    fn enter_path(&mut self) -> io::Result<bool> {
        for name in self.path.clone() {
            if !self.enter_member(&name)? {
                return Ok(false);
            }
        }
        self.enter_list()
    }

    /// Leaves the objects around a list that has ended, for the list in the next object of the file; false:
    /// there is no other.
    fn enter_next(&mut self) -> io::Result<bool> {
        for _ in 0..self.path.len() {
            while self.member()?.is_some() {
                self.cut()?;
            }
            if self.peek()? != Some(b'}') {
                return Ok(false);
            }
            self.pass();
        }
        while self.peek()?.is_some_and(|byte| is_blank(byte) || byte == b',') {
            self.pass();
        }
        if self.peek()? != Some(b'{') {
            return Ok(false);
        }
        let line = self.line;
        if self.enter_path()? {
            return Ok(true);
        }
        let why = format!("the object in line {line} has no list at `{}`", self.path.join("."));
        Err(io::Error::new(io::ErrorKind::InvalidData, why))
    }

    /// The paths of the lists of objects in the object that begins the file: not in one that is a record
    /// itself, with a member of the name of the key.
    ///
    /// # Errors
    /// When the input fails.
    pub fn paths_of_lists(input: Input, key: &str) -> io::Result<Vec<String>> {
        let input = BufReader::with_capacity(CHUNK, input);
        let mut values = Values {
            input,
            line: 1,
            in_list: false,
            at_root: true,
            path: Vec::new(),
            ended: false,
        };
        values.pass_mark()?;
        values.pass_blanks()?;
        let key = key.split('.').next().unwrap_or_default();
        values.look_for_lists(key, DEPTH)
    }

    /// Where records stand under their names, `{"17": {…}, "18": {…}}`: the names on the way to the object
    /// whose members are all objects, of which none has the name of the key. The file holds nothing else.
    ///
    /// # Errors
    /// When the input fails.
    pub fn records_by_name(input: &Input, key: &str) -> io::Result<Option<Vec<String>>> {
        let key = key.split('.').next().unwrap_or_default();
        let mut path: Vec<String> = Vec::new();
        let mut found = None;
        for _ in 0..=DEPTH {
            let mut values = Values::of(input.from_the_beginning())?;
            values.pass_blanks()?;
            if values.in_list || values.peek()? != Some(b'{') {
                break;
            }
            for _ in &path {
                values.pass();
                values.member()?;
            }
            let Some((count, first)) = values.names_of_objects(key)? else { break };
            for _ in &path {
                values.pass_blanks()?;
                values.pass();
            }
            values.pass_blanks()?;
            if values.peek()?.is_some() {
                break;
            }
            found = Some(path.clone());
            // A single member may be what stands around them.
            if count > 1 {
                break;
            }
            path.push(first);
        }
        Ok(found)
    }

    /// What the members are of the object that begins here, where nothing else stands in the file. Of long
    /// values there is the beginning.
    ///
    /// # Errors
    /// When the input fails.
    pub fn members_of_only_object<T>(
        &mut self,
        read: impl Fn(&Value) -> T,
    ) -> io::Result<Option<Vec<(String, T)>>> {
        self.pass_blanks()?;
        if self.in_list || self.peek()? != Some(b'{') {
            return Ok(None);
        }
        self.pass();
        let mut members = Vec::new();
        while let Some(name) = self.member()? {
            members.push((name, read(&self.cut()?)));
            if members.len() > COLUMN_LIMIT {
                return Ok(None);
            }
        }
        if self.peek()? != Some(b'}') {
            return Ok(None);
        }
        self.pass();
        self.pass_blanks()?;
        Ok(self.peek()?.is_none().then_some(members))
    }

    /// How many members the object has that begins here, and the name of the first, where each is an object
    /// and none has the name of the key.
    fn names_of_objects(&mut self, key: &str) -> io::Result<Option<(u64, String)>> {
        if self.peek()? != Some(b'{') {
            return Ok(None);
        }
        self.pass();
        let (mut count, mut first) = (0, None);
        while let Some(name) = self.member()? {
            if is_key(&name, key) || self.peek()? != Some(b'{') {
                return Ok(None);
            }
            self.cut()?;
            count += 1;
            first.get_or_insert(name);
        }
        if self.peek()? != Some(b'}') {
            return Ok(None);
        }
        self.pass();
        Ok(first.map(|first| (count, first)))
    }

    fn look_for_lists(&mut self, key: &str, depth: u32) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        if depth == 0 || self.peek()? != Some(b'{') {
            return Ok(found);
        }
        self.pass();
        while let Some(name) = self.member()? {
            if is_key(&name, key) {
                return Ok(Vec::new());
            }
            match self.peek()? {
                Some(b'{') => {
                    let inside = self.look_for_lists(key, depth - 1)?;
                    found.extend(inside.into_iter().map(|path| format!("{name}.{path}")));
                }
                Some(b'[') => found.extend(self.cut_list()?.then_some(name)),
                _ => {
                    self.cut()?;
                }
            }
            found.truncate(MOST_LISTS);
        }
        if self.peek()? == Some(b'}') {
            self.pass();
        }
        Ok(found)
    }

    /// Passes over the list that begins here; says whether an object stands first in it.
    fn cut_list(&mut self) -> io::Result<bool> {
        let list = self.cut()?;
        let first = list.bytes.iter().skip(1).find(|byte| !byte.is_ascii_whitespace());
        Ok(first == Some(&b'{'))
    }

    /// The next value.
    ///
    /// # Errors
    /// When the input fails.
    pub fn next_value(&mut self) -> io::Result<Option<Value>> {
        if self.ended {
            return Ok(None);
        }
        loop {
            match self.peek()? {
                None => {
                    self.ended = true;
                    return Ok(None);
                }
                // What follows the list is read as well: another list, or values by themselves.
                Some(b']') if self.in_list && self.at_root => {
                    self.pass();
                    self.enter_list()?;
                }
                Some(b']') if self.in_list => {
                    self.pass();
                    if !self.enter_next()? {
                        (self.ended, self.in_list) = (true, false);
                        return Ok(None);
                    }
                }
                Some(byte) if is_blank(byte) || byte == b',' => self.pass(),
                Some(_) => return self.cut().map(Some),
            }
        }
    }

    /// Whether nothing but blanks follows the end of the list.
    ///
    /// # Errors
    /// When the input fails.
    pub fn list_was_closed(&mut self) -> io::Result<bool> {
        Ok(!self.in_list || self.peek()? == Some(b']'))
    }

    /// Cuts the value that begins here.
    fn cut(&mut self) -> io::Result<Value> {
        let mut value = Value {
            line: self.line,
            last_line: self.line,
            bytes: Vec::new(),
            length: 0,
            is_closed: false,
        };
        let mut scanner = Scanner::default();
        while let Some(byte) = self.peek()? {
            if scanner.ends_before(byte) {
                value.is_closed = true;
                break;
            }
            self.pass();
            value.length += 1;
            if value.length <= ROW_LIMIT as u64 {
                value.bytes.push(byte);
            } else if value.bytes.len() > KEPT_LIMIT {
                value.bytes.truncate(KEPT_LIMIT);
                value.bytes.shrink_to_fit();
            }
            if scanner.take(byte) {
                value.is_closed = true;
                break;
            }
        }
        value.is_closed |= scanner.is_plain();
        value.last_line = self.line;
        Ok(value)
    }

    /// Goes into the value of a member of the object that begins here; false: there is none.
    fn enter_member(&mut self, name: &str) -> io::Result<bool> {
        self.pass_blanks()?;
        if self.peek()? != Some(b'{') {
            return Ok(false);
        }
        self.pass();
        while let Some(found) = self.member()? {
            if found == name {
                return Ok(true);
            }
            self.cut()?;
        }
        Ok(false)
    }

    /// The name of the next member of an object; after it its value begins.
    fn member(&mut self) -> io::Result<Option<String>> {
        while self.peek()?.is_some_and(|byte| is_blank(byte) || byte == b',') {
            self.pass();
        }
        if self.peek()? != Some(b'"') {
            return Ok(None);
        }
        let name = self.cut()?;
        self.pass_blanks()?;
        if self.peek()? != Some(b':') {
            return Ok(None);
        }
        self.pass();
        self.pass_blanks()?;
        Ok(Some(serde_json::from_slice(&name.bytes).unwrap_or_default()))
    }

    fn enter_list(&mut self) -> io::Result<bool> {
        self.pass_blanks()?;
        self.in_list = self.peek()? == Some(b'[');
        if self.in_list {
            self.pass();
        }
        Ok(self.in_list)
    }

    fn pass_mark(&mut self) -> io::Result<()> {
        if self.input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.input.consume(3);
        }
        Ok(())
    }

    fn pass_blanks(&mut self) -> io::Result<()> {
        while self.peek()?.is_some_and(is_blank) {
            self.pass();
        }
        Ok(())
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                filled => return Ok(filled?.first().copied()),
            }
        }
    }

    fn pass(&mut self) {
        self.line += u64::from(self.input.buffer().first() == Some(&b'\n'));
        self.input.consume(1);
    }
}

/// Whether a byte says nothing between values: white space, and the sign that stands before each value of a
/// sequence of JSON texts (RFC 7464).
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == SEQUENCE
}

/// Whether a member of that name is the key; where none is said, one with a name that keys have.
fn is_key(name: &str, key: &str) -> bool {
    match key {
        "" => headings::is_key(name),
        _ => plain_name(name) == plain_name(key),
    }
}

/// Finds the end of a value.
#[derive(Default)]
struct Scanner {
    depth: u32,
    in_text: bool,
    is_escaped: bool,
    began: bool,
}

impl Scanner {
    /// Whether the value ended before this byte: only what is neither object nor list nor text does.
    fn ends_before(&self, byte: u8) -> bool {
        self.is_plain() && (byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}' | b':'))
    }

    /// Whether it is a number, a word, or what is none.
    fn is_plain(&self) -> bool {
        self.began && self.depth == 0 && !self.in_text
    }

    /// Takes a byte; true: the value ends with it.
    fn take(&mut self, byte: u8) -> bool {
        let before = (self.depth, self.in_text);
        self.began = true;
        if self.in_text {
            self.in_text = byte != b'"' || self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
        } else {
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        before != (0, false) && self.depth == 0 && !self.in_text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(mut values: Values) -> Vec<(u64, String)> {
        std::iter::from_fn(|| values.next_value().unwrap())
            .map(|value| (value.line, String::from_utf8(value.bytes).unwrap()))
            .collect()
    }

    fn texts(text: &str) -> Vec<(u64, String)> {
        values(Values::of(Input::of(text.as_bytes().to_vec())).unwrap())
    }

    fn owned(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
        expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn values_are_cut_in_a_list_and_below_each_other() {
        let one = r#"{"a":"]}\"","b":[1,{"c":2}]}"#;
        for (text, expected) in [
            (format!("[{one},\n {{\"a\":1}}]"), vec![(1, one), (2, "{\"a\":1}")]),
            (format!("\u{feff} \n{one}\n\n{{\n}}"), vec![(2, one), (4, "{\n}")]),
            (
                "[1, \"a\\\\\",\nnull ,[2]]".to_owned(),
                vec![(1, "1"), (1, "\"a\\\\\""), (2, "null"), (2, "[2]")],
            ),
            ("[]".to_owned(), vec![]),
            (
                "\u{1e}{\"a\":1}\n\u{1e}{\"a\":2}\n".to_owned(),
                vec![(1, "{\"a\":1}"), (2, "{\"a\":2}")],
            ),
            ("{\"a\":1},\n{\"a\":2},\n".to_owned(), vec![(1, "{\"a\":1}"), (2, "{\"a\":2}")]),
            ("[{\"a\":1}] {\"b\":2}".to_owned(), vec![(1, "{\"a\":1}"), (1, "{\"b\":2}")]),
            ("[1]\n[2]".to_owned(), vec![(1, "1"), (2, "2")]),
            ("[1]\nand more".to_owned(), vec![(1, "1"), (2, "and"), (2, "more")]),
            ("[{\"a\":1},{\"b\":".to_owned(), vec![(1, "{\"a\":1}"), (1, "{\"b\":")]),
        ] {
            assert_eq!(texts(&text), owned(&expected), "{text}");
        }
    }

    #[test]
    fn a_list_is_found_by_its_path() {
        let text = r#"{"meta":{"rows":[9]}, "data" : {"x":"}","rows":[ {"a":1},
            {"a":2} ], "more":[3]}}"#;
        let at =
            |path: &str| Values::of_list_at(Input::of(text.as_bytes().to_vec()), path).unwrap();
        assert_eq!(
            values(at("data.rows").unwrap()),
            owned(&[(1, r#"{"a":1}"#), (2, r#"{"a":2}"#)])
        );
        assert_eq!(values(at("meta.rows").unwrap()), owned(&[(1, "9")]));
        for (text, expected) in [
            ("{\"d\":[1,2]}\n{\"d\":[3]}\n{\"d\":[]}\n", &["1", "2", "3"][..]),
            ("{\"d\":[1],\"x\":{\"d\":[9]}} {\"n\":0,\"d\":[2]}", &["1", "2"]),
            ("{\"d\":[1]", &["1"]),
        ] {
            let at = Values::of_list_at(Input::of(text.as_bytes().to_vec()), "d").unwrap();
            let found: Vec<String> = values(at.unwrap()).into_iter().map(|it| it.1).collect();
            assert_eq!(found, expected, "{text}");
        }
        let lacking = b"{\"d\":[1]}\n{\"e\":[2]}\n".to_vec();
        let mut lacking = Values::of_list_at(Input::of(lacking), "d").unwrap().unwrap();
        assert!(lacking.next_value().is_ok());
        let error = lacking.next_value().unwrap_err();
        assert_eq!(error.to_string(), "the object in line 2 has no list at `d`");
        for path in ["rows", "data", "data.x", "meta.rows.a", ""] {
            assert!(at(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_list_of_records_is_found_unless_the_object_is_a_record() {
        for (text, expected) in [
            (r#"{"page":1,"data":{"ids":[1],"people":[ {"id":1}]},"x":2}"#, "data.people"),
            (r#"{"people":[{"id":1}]}"#, "people"),
            (r#"{"a":[{"id":1}],"n":[1],"b":{"c":[{"id":1}]}}"#, "a b.c"),
            (r#"{"orders":[{"no":1}],"id":1}"#, ""),
            (r#"{"orders":[{"no":1}],"ID":1}"#, ""),
            (r#"{"tags":["a"],"x":{}}"#, ""),
            ("[]", ""),
            ("", ""),
            (r#"{"a":"#, ""),
        ] {
            let input = Input::of(text.as_bytes().to_vec());
            let paths = Values::paths_of_lists(input, "id").unwrap();
            assert_eq!(paths.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn of_a_value_that_is_too_long_the_beginning_is_kept_and_the_next_is_whole() {
        let text = format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(3 * ROW_LIMIT));
        let mut values = Values::of(Input::of(text.into_bytes())).unwrap();
        let long = values.next_value().unwrap().unwrap();
        assert_eq!((long.bytes.len(), long.length), (KEPT_LIMIT, 3 * ROW_LIMIT as u64 + 8));
        assert!(long.is_closed && !long.is_whole());
        assert_eq!(values.next_value().unwrap().unwrap().bytes, b"{}");
        assert!(values.list_was_closed().unwrap());
    }

    #[test]
    fn what_is_never_closed_is_said() {
        for (text, is_closed) in [("[{\"a\":1", false), ("{\"a", false), ("[1", true)] {
            let mut values = Values::of(Input::of(text.as_bytes().to_vec())).unwrap();
            assert_eq!(values.next_value().unwrap().unwrap().is_closed, is_closed, "{text}");
        }
    }
}
