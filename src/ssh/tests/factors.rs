//! Codes over many connections, restarts and broken disks.

use super::super::otp::code_at;
use super::*;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};

const NOW: u64 = 1_790_000_000;
const START: Duration = Duration::ZERO;

struct World {
    folder: tempfile::TempDir,
    factors: Factors,
    enrolment: Enrolment,
    recovery: Vec<RecoveryCode>,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let factors = Factors::new(folder.path().join("factors"), Box::new(Plain));
    let enrolment = Enrolment::begin("sam").unwrap();
    let code = code_at(&*enrolment.secret, NOW);
    let recovery = enrolment.confirm(&factors, &code, NOW).unwrap();
    World { folder, factors, enrolment, recovery }
}

impl World {
    fn code(&self, now: u64) -> String {
        code_at(&*self.enrolment.secret, now)
    }

    fn again(&self) -> Factors {
        Factors::new(self.folder.path().join("factors"), Box::new(Plain))
    }

    /// One that is neither this step's nor a neighbour's.
    fn wrong_code(&self, now: u64) -> String {
        let right: Vec<_> = [now - STEP, now, now + STEP].map(|at| self.code(at)).to_vec();
        let wrong = (0..4).map(|number| format!("{number:06}"));
        wrong.into_iter().find(|code| !right.contains(code)).unwrap()
    }
}

const RIGHT: Told = Told::Right { recovery_left: None };

#[test]
fn an_enrolment_is_in_force_once_a_right_code_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let factors = Factors::new(folder.path().join("factors"), Box::new(Plain));
    assert_eq!(factors.before("sam", NOW, START).unwrap(), Some(Told::NotEnrolled));
    let enrolment = Enrolment::begin("sam").unwrap();
    let old = code_at(&*enrolment.secret, NOW - 300);
    assert!(matches!(enrolment.confirm(&factors, &old, NOW), Err(NotEnrolled::Wrong)));
    assert_eq!(factors.enrolled().unwrap(), []);
    let code = code_at(&*enrolment.secret, NOW);
    let shown = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(enrolment.confirm(&factors, &shown, NOW).unwrap().len(), 8);
    assert_eq!(factors.enrolled().unwrap(), [("sam".to_owned(), 8)]);
    assert_eq!(factors.before("sam", NOW, START).unwrap(), None);
    // The code that confirmed it is spent.
    assert_eq!(factors.accept("sam", &code, NOW, START).unwrap(), Told::Used);
    let file = fs::metadata(folder.path().join("factors")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert!(factors.reset("sam").unwrap() && !factors.reset("sam").unwrap());
    assert_eq!(factors.accept("sam", "123456", NOW, START).unwrap(), Told::NotEnrolled);
}

#[test]
fn a_code_is_accepted_once_whoever_asks_and_after_a_restart_too() {
    let world = world();
    let later = NOW + STEP;
    let code = world.code(later);
    assert_eq!(world.factors.accept("sam", &code, later, START).unwrap(), RIGHT);
    for factors in [&world.factors, &world.again()] {
        assert_eq!(factors.accept("sam", &code, later, START).unwrap(), Told::Used);
        let earlier = world.code(NOW);
        assert_eq!(factors.accept("sam", &earlier, later, START).unwrap(), Told::Used);
    }
    let back = NOW - 3_600;
    let told = world.factors.accept("sam", &world.code(back), back, START).unwrap();
    assert!(matches!(told, Told::ClockBehind { seconds } if seconds >= 3_600), "{told:?}");
}

#[test]
fn a_recovery_code_is_accepted_once() {
    let world = world();
    let code = world.recovery[0].to_string();
    let right = Told::Right { recovery_left: Some(7) };
    assert_eq!(world.factors.accept("sam", &code, NOW, START).unwrap(), right);
    assert_eq!(world.again().accept("sam", &code, NOW, START).unwrap(), Told::Wrong);
    assert_eq!(world.factors.enrolled().unwrap(), [("sam".to_owned(), 7)]);
}

/// Fifty connections at once, each with as many guesses as it can make; the right code is among what they would
/// have tried.
#[test]
fn fifty_connections_are_five_guesses() {
    let world = world();
    let later = NOW + 10 * STEP;
    let wrong = world.wrong_code(later);
    let (guesses, locked) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                for _ in 0..6 {
                    let told = world.factors.accept("sam", &wrong, later, START).unwrap();
                    let count = match told {
                        Told::Wrong | Told::WrongAndLocked(_) => &guesses,
                        Told::Locked(_) => &locked,
                        other => panic!("{other:?}"),
                    };
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    let (guesses, locked) = (guesses.into_inner(), locked.into_inner());
    println!("300 codes typed on 50 connections: {guesses} looked at, {locked} not, 0 accepted");
    assert_eq!((guesses, locked), (5, 295));
    let right = world.code(later);
    let told = world.factors.accept("sam", &right, later, START).unwrap();
    assert!(matches!(told, Told::Locked(left) if left == Duration::from_secs(30)), "{told:?}");
    let told = world.factors.before("sam", NOW, START).unwrap();
    assert!(matches!(told, Some(Told::Locked(_))), "{told:?}");
    let passed = Duration::from_secs(30);
    assert_eq!(world.factors.accept("sam", &right, later, passed).unwrap(), RIGHT);
    // A right one forgives the wrong ones.
    let told = world.factors.accept("sam", &wrong, later, passed).unwrap();
    assert_eq!((told, world.factors.before("sam", later, passed).unwrap()), (Told::Wrong, None));
}

#[test]
fn a_restart_forgives_no_wrong_code() {
    let world = world();
    let mut now = NOW + 10 * STEP;
    let wrong = world.wrong_code(now);
    // Each code is typed to another server, which begins its own clock.
    for number in 1..=4 {
        assert_eq!(
            world.again().accept("sam", &wrong, now, START).unwrap(),
            Told::Wrong,
            "{number}"
        );
    }
    let told = world.again().accept("sam", &wrong, now, START).unwrap();
    assert_eq!(told, Told::WrongAndLocked(Duration::from_secs(30)));
    for (later, left) in [(0, 30), (29, 1)] {
        let (again, then) = (world.again(), now + later);
        let locked = Told::Locked(Duration::from_secs(left));
        assert_eq!(again.before("sam", then, START).unwrap(), Some(locked));
        assert_eq!(again.accept("sam", &world.code(then), then, START).unwrap(), locked);
    }
    // A clock that was set back locks nobody out for longer.
    let locked = Told::Locked(Duration::from_secs(30));
    assert_eq!(world.again().before("sam", now - 86_400, START).unwrap(), Some(locked));
    now += 30;
    assert_eq!(world.again().accept("sam", &world.code(now), now, START).unwrap(), RIGHT);
    // The right one forgave them all, for whoever serves next as well.
    assert_eq!(world.again().accept("sam", &wrong, now, START).unwrap(), Told::Wrong);
    let file = world.folder.path().join("factors.wrong");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&file, "x").unwrap();
    let why = world.again().accept("sam", &world.code(now + STEP), now + STEP, START).unwrap_err();
    assert!(why.to_string().contains("factors.wrong is damaged"), "{why}");
}

#[test]
fn a_code_that_cannot_be_recorded_is_not_accepted() {
    let world = world();
    let later = NOW + STEP;
    // A folder in its place: nothing can be written beside the file.
    let beside = world.folder.path().join("factors.new");
    fs::create_dir(&beside).unwrap();
    fs::write(beside.join("x"), "").unwrap();
    assert!(world.factors.accept("sam", &world.code(later), later, START).is_err());
    fs::remove_dir_all(&beside).unwrap();
    assert_eq!(world.factors.accept("sam", &world.code(later), later, START).unwrap(), RIGHT);
}

#[test]
fn a_damaged_file_lets_nobody_in_and_says_so() {
    let world = world();
    let path = world.folder.path().join("factors");
    let whole = fs::read(&path).unwrap();
    let later = NOW + STEP;
    let mut tried = 0;
    for cut in (0..whole.len()).step_by(5) {
        fs::write(&path, &whole[..cut]).unwrap();
        let why = world.factors.accept("sam", &world.code(later), later, START).unwrap_err();
        assert!(why.to_string().contains("is damaged"), "{cut}: {why}");
        tried += 1;
    }
    let mut longer = whole.clone();
    longer.push(0);
    let next = String::from_utf8_lossy(HEAD).replace('1', "2").into_bytes();
    let next = [next, whole[HEAD.len()..].to_vec()].concat();
    for garbled in [longer, next, vec![0; 100]] {
        fs::write(&path, garbled).unwrap();
        assert!(world.factors.before("sam", NOW, START).is_err());
        tried += 1;
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn the_link_says_who_and_where_and_is_drawn() {
    let enrolment = Enrolment::begin("sam").unwrap();
    let link = enrolment.link("acme & co");
    let secret = enrolment.secret();
    assert_eq!(secret.len(), 32);
    assert_eq!(
        *link,
        format!("otpauth://totp/steward:sam%40acme%20%26%20co?secret={}&issuer=steward", *secret)
    );
    assert!(enrolment.drawn("acme").unwrap().len() < 23);
}
