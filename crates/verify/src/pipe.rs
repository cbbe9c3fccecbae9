//! What a command does when whoever reads its output stops early, as `| head` does.

/// Lets the process end quietly, with the exit code that a shell gives for a closed pipe, where printing would panic.
pub fn end_when_closed() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if said.starts_with("failed printing to std") && said.contains("Broken pipe") {
            std::process::exit(141);
        }
        before(panic);
    }));
}
