//! The command `truceline locate` on its own: the same source file, so that it can be scored without the rest.

use clap::Parser;

#[path = "../../monitor/src/locate.rs"]
#[expect(unreachable_pub, reason = "public in the binary that it belongs to")]
mod locate;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: locate::LocateArgs,
}

fn main() -> std::process::ExitCode {
    match locate::run(Command::parse().args) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            std::process::ExitCode::FAILURE
        }
    }
}
