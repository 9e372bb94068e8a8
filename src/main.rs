//! The `steward` binary.

/// Records are made on one thread and freed on another, a million times in an import: the system's
/// allocator spends a sixth of the import's time on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    steward::cli::run()
}
