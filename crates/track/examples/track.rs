//! The command `truceline track` by itself, for the bench.
#[path = "../../monitor/src/track.rs"]
#[expect(clippy::disallowed_methods, reason = "the shell may read the clock; the crate may not")]
#[expect(unreachable_pub, reason = "public in the library that it belongs to")]
mod command;

use clap::Parser;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: command::TrackArgs,
}

fn main() -> std::process::ExitCode {
    match command::run(&Cli::parse().args) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            std::process::ExitCode::FAILURE
        }
    }
}
