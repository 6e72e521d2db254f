//! `secondstory`: see `--help`.

use clap::Parser;
use std::process::ExitCode;

/// Drawing a page is many small allocations, which come and go together: docs/decisions/0011 has the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::run(server::cli::Cli::parse())
}
