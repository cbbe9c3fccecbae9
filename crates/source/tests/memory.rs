//! A line of 2 GB is skipped without being held, in every format. Alone in its binary, for it watches the
//! memory of the process.

mod common;

use std::io::{self, BufRead, Read};

use common::{SAMPLES, Sample, context, profile};
use source::{Cause, Format, Item, read};

/// Some bytes, then `left` bytes of `a`, then some bytes.
struct Huge<'a> {
    head: &'a [u8],
    left: usize,
    filler: Vec<u8>,
    tail: &'a [u8],
}

impl Read for Huge<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill_buf()?;
        let length = chunk.len().min(into.len());
        into[..length].copy_from_slice(&chunk[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Huge<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(if !self.head.is_empty() {
            self.head
        } else if self.left > 0 {
            &self.filler[..self.filler.len().min(self.left)]
        } else {
            self.tail
        })
    }
    fn consume(&mut self, n: usize) {
        if !self.head.is_empty() {
            self.head = &self.head[n..];
        } else if self.left > 0 {
            self.left -= n;
        } else {
            self.tail = &self.tail[n..];
        }
    }
}

/// The most memory that this process has held so far, in KiB (Linux only).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn feed(sample: &Sample, at: usize, before: &str, after: &str) -> (u64, Vec<Cause>) {
    let head = format!("{}{before}", &sample.text[..at]);
    let tail = format!("{after}{}", &sample.text[at..]);
    let filler = vec![b'a'; 1 << 16];
    let input = Huge { head: head.as_bytes(), left: 2 << 30, filler, tail: tail.as_bytes() };
    let mut causes = Vec::new();
    let summary = read(sample.format, sample.name, input, &profile(), &context(), &mut |item| {
        if let Item::Rejected(rejected) = item {
            causes.push(rejected.cause);
        }
    });
    (summary.accepted, causes)
}

#[test]
fn two_gigabytes_on_a_line_are_never_held() {
    let before = peak();
    for sample in &SAMPLES {
        let last = sample.text.trim_end().rfind('\n').unwrap() + 1;
        let (accepted, causes) = match sample.format {
            Format::Deepstate | Format::Owlmaps => feed(sample, last, "", "\n"),
            Format::FirmsGeojson | Format::GeneralStaff => {
                let at = sample.text.find('[').unwrap() + 2;
                feed(sample, at, "{\"a\": \"", "\"},\n")
            }
            _ => feed(sample, last, "", "\n"),
        };
        let kept = if sample.is_map() { 0 } else { sample.rows };
        assert_eq!((accepted, causes), (kept, vec![Cause::TooLong]), "{}", sample.name);
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        // A map may hold 64 MiB, in a buffer that grows by doubling; anything else 1 MiB.
        let grown = (after - before) >> 10;
        println!("grew by {grown} MiB");
        assert!(grown < 224, "the process grew by {grown} MiB");
    }
}
