//! OpenSSH's own client.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::site::{NOW, Site, text};

#[test]
fn a_key_lets_its_person_in_and_the_exit_code_is_kept() {
    let site = Site::open();
    let Some(said) = site.kim(&[], &["say", "a", "'b c'", "\"d e\""]) else { return };
    assert_eq!(text(&said.stdout), "a|b c|d e\n", "{}", text(&said.stderr));
    assert_eq!(text(&said.stderr), "");
    for code in ["0", "1", "2", "42", "128", "255"] {
        let said = site.kim(&[], &["exit", code]).unwrap();
        assert_eq!(said.status.code().unwrap().to_string(), code);
    }
    let said = site.kim(&[], &["complain"]).unwrap();
    assert_eq!((text(&said.stdout), text(&said.stderr)), (String::new(), "oh\n".to_owned()));
    let who = site.seen.who.lock().unwrap().pop().unwrap();
    assert_eq!(who.person, "kim");
    assert!(who.fingerprint.starts_with("SHA256:") && who.address.ip().is_loopback());
    // What comes of a panic in a room is an exit code, too.
    assert_eq!(site.kim(&[], &["panic"]).unwrap().status.code(), Some(1));
    assert_eq!(site.kim(&[], &["exit", "3"]).unwrap().status.code(), Some(3));
}

#[test]
fn who_is_not_known_or_has_another_key_is_refused_alike() {
    let site = Site::open();
    for (user, whose) in [("kim", "nobody"), ("kim", "sam"), ("eve", "kim"), ("root", "nobody")] {
        let key = site.key_file(whose);
        let Some(mut ssh) = site.openssh(user, &key) else { return };
        let said = ssh.args(["127.0.0.1", "say", "in"]).output().unwrap();
        assert_eq!(said.status.code(), Some(255));
        assert_eq!(
            text(&said.stderr).trim(),
            format!("{user}@127.0.0.1: Permission denied (publickey).")
        );
    }
    assert_eq!(site.seen.commands.load(Ordering::SeqCst), 0);
}

#[test]
fn ten_megabytes_go_in_and_come_out() {
    let site = Site::open();
    let key = site.key_file("kim");
    let Some(mut ssh) = site.openssh("kim", &key) else { return };
    let sent: Vec<u8> = (0..10_000_000_u32).map(|at| (at % 249) as u8).collect();
    ssh.args(["127.0.0.1", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut ssh = ssh.spawn().unwrap();
    let (mut to, to_send) = (ssh.stdin.take().unwrap(), sent.clone());
    let sending = std::thread::spawn(move || to.write_all(&to_send).unwrap());
    let mut came = Vec::new();
    ssh.stdout.take().unwrap().read_to_end(&mut came).unwrap();
    sending.join().unwrap();
    assert!(ssh.wait().unwrap().success());
    assert!(came == sent, "{} bytes of {} came", came.len(), sent.len());
}

#[test]
fn a_process_is_run_in_a_room() {
    let site = Site::open();
    let key = site.key_file("kim");
    let Some(mut ssh) = site.openssh("kim", &key) else { return };
    let script = "'cat; echo gone >&2; exit 7'";
    let mut ssh = ssh
        .args(["127.0.0.1", &format!("child {script}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    ssh.stdin.take().unwrap().write_all(b"one\ntwo\n").unwrap();
    let said = ssh.wait_with_output().unwrap();
    assert_eq!((text(&said.stdout), text(&said.stderr)), ("one\ntwo\n".into(), "gone\n".into()));
    assert_eq!(said.status.code(), Some(7));
    let said = site.kim(&[], &["child 'kill -TERM $$'"]).unwrap();
    assert_eq!(said.status.code(), Some(128 + 15));
    // A client that goes takes its process along, which is told that nobody is there any more.
    let mark = site.folder.path().join("mark");
    let script = format!(
        "child 'trap \"echo told > {0}; exit\" HUP; echo ready; while :; do sleep 0.1; done'",
        mark.display()
    );
    let mut ssh = site.openssh("kim", &key).unwrap();
    ssh.args(["127.0.0.1", &script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut ssh = ssh.spawn().unwrap();
    let mut ready = [0; 6];
    ssh.stdout.take().unwrap().read_exact(&mut ready).unwrap();
    ssh.kill().unwrap();
    ssh.wait().unwrap();
    site.until("the process is told", |_| mark.exists());
}

#[test]
fn nothing_is_forwarded() {
    let site = Site::open();
    // Somebody whom a forwarded port would reach.
    let inside = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let target = format!("127.0.0.1:{}", inside.local_addr().unwrap().port());
    let Some(said) = site.kim(&["-W", &target], &[]) else { return };
    assert!(text(&said.stderr).contains("administratively prohibited"), "{}", text(&said.stderr));
    assert!(!said.status.success());
    let forward = format!("0:{target}");
    let said =
        site.kim(&["-o", "ExitOnForwardFailure=yes", "-R", &forward], &["say", "x"]).unwrap();
    assert!(text(&said.stderr).contains("remote port forwarding failed"), "{}", text(&said.stderr));
    assert_eq!((said.status.code(), text(&said.stdout)), (Some(255), String::new()));
    let said = site.kim(&["-s"], &["sftp"]).unwrap();
    assert!(text(&said.stderr).contains("subsystem request failed"), "{}", text(&said.stderr));
    assert!(inside.accept().is_err(), "nobody came");
    assert_eq!(site.seen.commands.load(Ordering::SeqCst), 0);
}

#[test]
fn what_cannot_be_done_is_said() {
    let site = Site::open();
    for (options, words, expected) in [
        (
            &["-T"][..],
            "",
            "steward: the review needs a terminal: pass -t to ssh, or name a command\n",
        ),
        (&[], "tasks; rm -rf /", "steward: no shell reads this command: quote `;` twice"),
        (&[], "say $(id)", "steward: no shell reads this command: quote `$` twice"),
        (&[], "say 'a", "steward: the quote `'` is not closed: close it\n"),
        (&[], "   ", "steward: name a command, such as tasks\n"),
        (&["-tt"], "", "steward: the terminal must have 1 to 1,000 columns and rows: resize it\n"),
    ] {
        let words = if words.is_empty() { vec![] } else { vec![words] };
        let Some(said) = site.kim(options, &words) else { return };
        let told = text(&said.stderr);
        assert!(told.contains(expected), "{words:?}: {told}");
        assert_eq!(said.status.code(), Some(2), "{words:?}");
    }
    assert_eq!(site.seen.commands.load(Ordering::SeqCst), 0);
    assert_eq!(site.seen.terminals.load(Ordering::SeqCst), 0);
}

#[test]
fn of_the_environment_little_is_taken() {
    let site = Site::open();
    let key = site.key_file("kim");
    let Some(mut ssh) = site.openssh("kim", &key) else { return };
    ssh.args(["-o", "SendEnv=LANG NO_COLOR LD_PRELOAD STEWARD_DOOR_FD COLORTERM"]);
    ssh.env("LANG", "en_US.UTF-8").env("NO_COLOR", "1").env("LD_PRELOAD", "");
    ssh.env("STEWARD_DOOR_FD", "3").env("COLORTERM", "\x1b[31m");
    let said = ssh.args(["127.0.0.1", "environment"]).output().unwrap();
    assert_eq!(text(&said.stdout), "{\"LANG\": \"en_US.UTF-8\", \"NO_COLOR\": \"1\"}\n");
}

/// A telephone: a script that OpenSSH asks for a code, which writes down what it was asked.
fn telephone(site: &Site, code: &str) -> (PathBuf, PathBuf) {
    let (path, asked) = (site.folder.path().join("telephone"), site.folder.path().join("asked"));
    let script =
        format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> {}\necho '{code}'\n", asked.display());
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let _ = std::fs::remove_file(&asked);
    (path, asked)
}

fn with_code(
    site: &Site,
    user: &str,
    key: &Path,
    code: &str,
) -> Option<(Option<i32>, String, String)> {
    let (telephone, asked) = telephone(site, code);
    let mut ssh = site.openssh(user, key)?;
    ssh.env("SSH_ASKPASS", telephone).env("SSH_ASKPASS_REQUIRE", "force").env("DISPLAY", ":0");
    let said = ssh.args(["127.0.0.1", "say", "in"]).output().unwrap();
    let asked = std::fs::read_to_string(asked).unwrap_or_default();
    Some((said.status.code(), asked, text(&said.stderr)))
}

#[test]
fn a_second_factor_is_asked_for_after_the_key_and_each_code_works_once() {
    let site = Site::open();
    let key = site.key_file("sam");
    let code = site.code();
    let Some((status, asked, told)) = with_code(&site, "sam", &key, &code) else { return };
    assert_eq!(status, Some(0), "{told}");
    assert_eq!(asked.matches("One-time code or recovery code:").count(), 1, "{asked}");
    // Again within the same step.
    let (status, _, told) = with_code(&site, "sam", &key, &code).unwrap();
    assert_eq!(status, Some(255));
    assert!(told.contains("that code was already used: wait for the next one"), "{told}");
    site.next_step();
    let (status, ..) = with_code(&site, "sam", &key, &site.code()).unwrap();
    assert_eq!(status, Some(0));
    let recovery = site.recovery[0].to_string();
    assert_eq!(with_code(&site, "sam", &key, &recovery).unwrap().0, Some(0));
    assert_eq!(with_code(&site, "sam", &key, &recovery).unwrap().0, Some(255), "once");
    assert_eq!(site.seen.commands.load(Ordering::SeqCst), 3);
    // Without the key, nobody is asked.
    let nobody = site.key_file("nobody");
    site.next_step();
    let (status, asked, _) = with_code(&site, "sam", &nobody, &site.code()).unwrap();
    assert_eq!((status, asked.as_str()), (Some(255), ""));
}

#[test]
fn five_wrong_codes_lock_and_somebody_without_a_factor_is_told() {
    let site = Site::open();
    let key = site.key_file("sam");
    let wrong = site.wrong_code();
    // Three a connection.
    let Some((status, _, told)) = with_code(&site, "sam", &key, &wrong) else { return };
    assert_eq!(status, Some(255));
    assert!(
        told.contains("that code is wrong: type the one that your telephone shows now"),
        "{told}"
    );
    let (_, _, told) = with_code(&site, "sam", &key, &wrong).unwrap();
    assert!(told.contains("too many wrong codes: try again in 30 s"), "{told}");
    let (status, asked, told) = with_code(&site, "sam", &key, &site.code()).unwrap();
    assert_eq!((status, asked.as_str()), (Some(255), ""), "the right code is not even asked for");
    assert!(told.contains("too many wrong codes: try again in"), "{told}");
    let ann = site.key_file("ann");
    let (status, asked, told) = with_code(&site, "ann", &ann, "123456").unwrap();
    assert_eq!((status, asked.as_str()), (Some(255), ""));
    assert!(
        told.contains("no second factor is enrolled for ann: ask whoever runs the server to run steward otp enrol ann"),
        "{told}"
    );
    assert_eq!(site.seen.commands.load(Ordering::SeqCst), 0);
}

/// Keys that OpenSSH makes.
fn keygen(site: &Site, arguments: &[&str]) -> bool {
    let made = Command::new("ssh-keygen").current_dir(site.folder.path()).args(arguments).output();
    match made {
        Ok(made) => {
            assert!(made.status.success(), "{}", text(&made.stderr));
            true
        }
        Err(_) => {
            println!("skipped: there is no ssh-keygen on this machine");
            false
        }
    }
}

#[test]
fn keys_of_every_kind_let_in() {
    let made = tempfile::tempdir().unwrap();
    let kinds = [
        ("rsa", "2048", "ssh-rsa"),
        ("ecdsa", "256", "ecdsa-sha2-nistp256"),
        ("ecdsa", "521", "ecdsa-sha2-nistp521"),
    ];
    for (kind, bits, name) in kinds {
        let path = made.path().join(format!("{kind}{bits}"));
        let arguments = ["-q", "-N", "", "-t", kind, "-b", bits, "-f"];
        let Ok(keygen) = Command::new("ssh-keygen").args(arguments).arg(&path).output() else {
            return println!("skipped: there is no ssh-keygen on this machine");
        };
        assert!(keygen.status.success(), "{}", text(&keygen.stderr));
        let line = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        let key = russh::keys::PublicKey::from_openssh(&line).unwrap();
        let site = Site::with(super::site::limits(), |known| {
            let blob = key.to_bytes().unwrap();
            known.people[1].keys = vec![settings::PublicKey { kind: name, blob }];
        });
        let Some(mut ssh) = site.openssh("kim", &path) else { return };
        let said = ssh.args(["127.0.0.1", "say", "in"]).output().unwrap();
        assert_eq!(text(&said.stdout), "in\n", "{kind}: {}", text(&said.stderr));
        // A signature over SHA-1 is none.
        if kind == "rsa" {
            let mut ssh = site.openssh("kim", &path).unwrap();
            ssh.args(["-o", "PubkeyAcceptedAlgorithms=ssh-rsa", "127.0.0.1", "say", "in"]);
            assert_eq!(ssh.output().unwrap().status.code(), Some(255));
        }
    }
}

#[test]
fn a_certificate_of_the_user_ca_lets_in_whom_it_names() {
    let site = Site::with(super::site::limits(), |known| {
        let ca = super::site::ca();
        known.user_ca = Some(super::site::public(&ca));
    });
    let key = site.key_file("nobody");
    let ca = site.folder.path().join("ca");
    std::fs::rename(site.key_file("ca"), &ca).unwrap();
    let public = |key: &Path| key.with_file_name("id_nobody.pub");
    std::fs::write(public(&key), site.key("nobody").public_key().to_openssh().unwrap()).unwrap();
    site.now.store(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs(),
        Ordering::SeqCst,
    );
    let certificate = site.folder.path().join("id_nobody-cert.pub");
    let let_in = |user: &str| {
        let mut ssh = site.openssh(user, &key)?;
        ssh.arg("-o").arg(format!("CertificateFile={}", certificate.display()));
        Some(ssh.args(["127.0.0.1", "say", "in"]).output().unwrap().status.success())
    };
    for (principal, more, expected) in [
        ("kim", &[][..], true),
        ("sam,kim", &["-O", "source-address=127.0.0.0/8"], true),
        ("kim", &["-O", "source-address=10.0.0.0/8"], false),
        ("kim", &["-O", "force-command=say out"], false),
        ("ann", &[], false),
        ("eve", &[], false),
        ("kim", &["-h"], false),
        ("kim", &["-V", "-2d:-1d"], false),
    ] {
        let arguments = ["-q", "-s", "ca", "-I", "x", "-n", principal];
        let arguments: Vec<_> =
            arguments.iter().chain(more).copied().chain(["id_nobody.pub"]).collect();
        if !keygen(&site, &arguments) {
            return;
        }
        let Some(came) = let_in("kim") else { return };
        assert_eq!(came, expected, "{principal} {more:?}");
    }
    assert!(NOW < site.now.load(Ordering::SeqCst));
}

#[test]
fn a_connection_ends_when_its_certificate_has_run_out() {
    let site = Site::with(super::site::limits(), |known| {
        known.user_ca = Some(super::site::public(&super::site::ca()));
    });
    let key = site.key_file("nobody");
    let ca = site.folder.path().join("ca");
    std::fs::rename(site.key_file("ca"), &ca).unwrap();
    let public = key.with_file_name("id_nobody.pub");
    std::fs::write(public, site.key("nobody").public_key().to_openssh().unwrap()).unwrap();
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    site.now.store(since.as_secs(), Ordering::SeqCst);
    let sign = ["-q", "-s", "ca", "-I", "x", "-n", "kim", "-V", "-1h:+1h", "id_nobody.pub"];
    if !keygen(&site, &sign) {
        return;
    }
    let Some(mut ssh) = site.openssh("kim", &key) else { return };
    let certificate = site.folder.path().join("id_nobody-cert.pub");
    ssh.arg("-o").arg(format!("CertificateFile={}", certificate.display()));
    ssh.args(["127.0.0.1", "cat"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut line = ssh.spawn().unwrap();
    let inside = || site.inside.lock().unwrap().len();
    let until = |done: &dyn Fn() -> bool| {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !done() {
            assert!(std::time::Instant::now() < end, "it did not come to that");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    };
    until(&|| inside() == 1);
    // Nobody does anything; the time passes.
    site.now.fetch_add(3_590, Ordering::SeqCst);
    assert!(line.try_wait().unwrap().is_none());
    site.now.fetch_add(20, Ordering::SeqCst);
    until(&|| inside() == 0);
    assert!(!line.wait().unwrap().success());
}

#[test]
fn a_terminal_is_as_large_as_it_is_and_becomes() {
    let site = Site::open();
    let key = site.key_file("kim");
    let Some(ssh) = site.openssh("kim", &key) else { return };
    let size = |cols, rows| PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size(80, 23)).unwrap();
    let mut command = CommandBuilder::new(ssh.get_program());
    command.args(ssh.get_args());
    command.args(["-tt", "127.0.0.1"]);
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut from = pair.master.try_clone_reader().unwrap();
    let mut to = pair.master.take_writer().unwrap();
    let mut shown = String::new();
    let mut until = |expected: &str| {
        let mut buffer = [0; 1_000];
        while !shown.contains(expected) {
            match from.read(&mut buffer) {
                Ok(0) | Err(_) => panic!("{expected} in {shown}"),
                Ok(read) => shown.push_str(&text(&buffer[..read])),
            }
        }
    };
    until("hello kim 80x23\r\n");
    pair.master.resize(size(120, 40)).unwrap();
    until("size 120x40\r\n");
    to.write_all(b"j\x03").unwrap();
    until("heard [106");
    to.write_all(b"q").unwrap();
    assert_eq!(child.wait().unwrap().exit_code(), 0);
}
