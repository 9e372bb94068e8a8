//! A command that is a process of its own, and a client that goes.

use super::*;
use crate::room::Environment;
use crate::tests::spools;
use crate::wire::{Next, Wire};

/// Reads all that it is sent, and leaves a file behind if that came to its end.
fn reads_to_the_end(left: &std::path::Path) -> std::process::Command {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "echo ready; cat > /dev/null; touch \"$0\""]).arg(left);
    shell
}

/// Whether what a client sent passed for a whole file.
fn passes_for_whole(end: fn(&Wire)) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join("whole");
    let wire = Arc::new(Wire::command(spools(), None));
    wire.came(b"half a file").unwrap();
    let command = Command::new(Arc::clone(&wire), Environment::new());
    let process = reads_to_the_end(&left);
    let running = thread::spawn(move || run_child(process, command));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(matches!(runtime.block_on(wire.next()), Next::Bytes(_, said) if said == b"ready\n"));
    end(&wire);
    running.join().unwrap().unwrap();
    left.exists()
}

#[test]
fn a_line_that_is_cut_never_passes_for_the_end_of_a_file() {
    for _ in 0..20 {
        assert!(!passes_for_whole(Wire::cut));
        assert!(!passes_for_whole(|wire| wire.end("the server stops")));
    }
    assert!(passes_for_whole(Wire::came_to_end), "an end that was sent is one");
}

#[test]
fn whoever_is_cut_off_hangs_up_and_asks_for_nothing_to_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let mut shell = std::process::Command::new("sh");
    let traps = "for it in INT TERM HUP; do trap \"echo $it >> '$0'; exit\" $it; done; \
        echo ready; while :; do sleep 0.05; done";
    shell.args(["-c", traps]).arg(&told);
    let wire = Arc::new(Wire::command(spools(), None));
    let command = Command::new(Arc::clone(&wire), Environment::new());
    let running = thread::spawn(move || run_child(shell, command));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(matches!(runtime.block_on(wire.next()), Next::Bytes(_, said) if said == b"ready\n"));
    wire.cut();
    running.join().unwrap().unwrap();
    assert_eq!(std::fs::read_to_string(told).unwrap(), "HUP\n");
}
