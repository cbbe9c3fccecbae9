//! Mistakes in files, shown to the person who wrote them: file, line, caret, what to do.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;
use truce::config::Mistake;

/// Renders mistakes, each with the line it is in. `texts` holds the files by the names that the mistakes use;
/// a mistake in a file that is not there is shown without a line. `colour` is for terminals.
pub fn render(mistakes: &[Mistake], texts: &BTreeMap<String, String>, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut page = String::new();
    for mistake in mistakes {
        let title = Level::ERROR.primary_title(&mistake.message);
        let mut group = match texts.get(&mistake.file) {
            // A mistake about the file as a whole has no place to point at.
            Some(text) if mistake.span != (0..0) => {
                let text = text.as_str();
                let span = clip(text, mistake.span.start)..clip(text, mistake.span.end);
                let mark = AnnotationKind::Primary.span(span);
                let mark = if mistake.label.is_empty() { mark } else { mark.label(&mistake.label) };
                title.element(Snippet::source(text).path(&mistake.file).annotation(mark))
            }
            _ => title.element(Origin::path(&mistake.file)),
        };
        if !mistake.help.is_empty() {
            group = group.element(Level::HELP.message(&mistake.help));
        }
        page.push_str(&renderer.render(&[group]));
        page.push_str("\n\n");
    }
    page
}

/// The nearest place at or before `offset` where a character starts.
fn clip(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
