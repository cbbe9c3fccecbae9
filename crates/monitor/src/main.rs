//! The shell and the one binary.

mod check;
mod folder;
mod mistake;

use clap::{Parser, Subcommand};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Truceline: an open ceasefire monitoring and verification system.
#[derive(Parser)]
#[command(name = "truceline", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile an agreement and say in plain words what it means, or what is wrong with it.
    Check {
        /// The agreement's folder, such as agreements/easter-2025.
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let Command::Check { folder } = Arguments::parse().command;
    match check::run(&folder) {
        Ok(text) => {
            // A reader that stops early (`| head`) is no error.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprint!("{}", trouble.render(std::io::stderr().is_terminal()));
            ExitCode::FAILURE
        }
    }
}
