//! Lines of a file, none of them held beyond its cap.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use crate::cell::Fault;
use crate::{Cause, MAX_RECORD};

/// One line, without its line end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Line {
    Text(Vec<u8>),
    /// Longer than the cap: so many bytes were skipped.
    TooLong(u64),
}

/// Reads lines; can take lines back.
pub(crate) struct Lines<'i> {
    input: &'i mut dyn BufRead,
    next: u64,
    back: VecDeque<(u64, Line)>,
    cap: usize,
}

impl<'i> Lines<'i> {
    pub(crate) fn new(input: &'i mut dyn BufRead) -> Self {
        Self { input, next: 1, back: VecDeque::new(), cap: MAX_RECORD }
    }

    /// The number of the line that comes next.
    pub(crate) fn number(&self) -> u64 {
        self.back.front().map_or(self.next, |(number, _)| *number)
    }

    /// Take lines back, the first of them to come next.
    pub(crate) fn put_back(&mut self, lines: Vec<(u64, Line)>) {
        for line in lines.into_iter().rev() {
            self.back.push_front(line);
        }
    }

    /// The next line with its number; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Line)>> {
        if let Some(line) = self.back.pop_front() {
            return Ok(Some(line));
        }
        let (mut held, mut skipped, mut ended) = (Vec::new(), 0u64, false);
        while !ended {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                if held.is_empty() && skipped == 0 {
                    return Ok(None);
                }
                break;
            }
            let end = memchr::memchr(b'\n', chunk);
            ended = end.is_some();
            let part = &chunk[..end.unwrap_or(chunk.len())];
            if skipped > 0 || held.len() + part.len() > self.cap {
                skipped += (held.len() + part.len()) as u64;
                held = Vec::new();
            } else {
                held.extend_from_slice(part);
            }
            let used = part.len() + usize::from(ended);
            self.input.consume(used);
        }
        let number = self.next;
        self.next += 1;
        if skipped > 0 {
            return Ok(Some((number, Line::TooLong(skipped))));
        }
        if held.last() == Some(&b'\r') {
            held.pop();
        }
        Ok(Some((number, Line::Text(held))))
    }
}

pub(crate) fn too_long(bytes: u64) -> Fault {
    let reason =
        format!("the line is {bytes} bytes long; the limit is {MAX_RECORD}. Is the file what its name says?");
    Fault::new(Cause::TooLong, reason)
}

pub(crate) fn unreadable(error: &io::Error) -> Fault {
    Fault::new(Cause::Unreadable, format!("reading stopped here: {error}"))
}

/// Text, or a fault that says what the bytes are.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if let Some(at) = memchr::memchr(0, bytes) {
        let reason = format!("a NUL byte (byte {} of the record); the file is damaged or not text", at + 1);
        return Err(Fault::new(Cause::Encoding, reason));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to() + 1;
        Fault::new(Cause::Encoding, format!("not UTF-8 (byte {at} of the record); save the file as UTF-8"))
    })
}

/// Look at the first bytes: refuse what isn't plain text, drop a byte order mark, and return the rest of them.
pub(crate) fn opening(input: &mut impl BufRead) -> Result<Vec<u8>, Fault> {
    let mut head = Vec::new();
    input.by_ref().take(512).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
    let start = plain_text(&head)?;
    head.drain(..start);
    Ok(head)
}

/// Where the text starts, or a fault that says what the file is instead.
pub(crate) fn plain_text(head: &[u8]) -> Result<usize, Fault> {
    let fault = |what: &str, remedy: &str| {
        let reason = format!("the file is {what}, whatever its name says; {remedy}, then try again");
        Err(Fault::new(Cause::Encoding, reason))
    };
    const PACKED: [(&[u8], &str); 5] = [
        (b"\x1f\x8b", "gzip"),
        (b"PK\x03\x04", "zip (or a spreadsheet)"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ\0", "xz"),
        (b"BZh", "bzip2"),
    ];
    if let Some((_, name)) = PACKED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return fault(&format!("compressed ({name})"), "unpack it, or export a spreadsheet as CSV");
    }
    const SAVE: &str = "save it as UTF-8 (iconv -f UTF-16 -t UTF-8)";
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return fault("UTF-16", SAVE);
    }
    // UTF-16 without its mark: in the Latin letters of a header every other byte is NUL.
    let start = &head[..head.len().min(64) & !1];
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), start.len() / 2);
    if pairs > 0 && even.max(odd) * 10 >= pairs * 8 && even.min(odd) * 10 <= pairs * 2 {
        return fault("UTF-16 without a byte order mark", SAVE);
    }
    if head.starts_with(b"<") {
        return fault("HTML or XML", "it may be an error page; download it anew");
    }
    Ok(if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Yields `left` bytes of `a` without a line end, then one good line.
    struct Endless {
        left: u64,
        chunk: Vec<u8>,
        tail: &'static [u8],
    }

    impl Read for Endless {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            unreachable!("only buffered reads")
        }
    }

    impl BufRead for Endless {
        fn fill_buf(&mut self) -> io::Result<&[u8]> {
            if self.left == 0 {
                return Ok(self.tail);
            }
            Ok(&self.chunk[..self.chunk.len().min(self.left as usize)])
        }
        fn consume(&mut self, n: usize) {
            if self.left == 0 {
                self.tail = &self.tail[n..];
            } else {
                self.left -= n as u64;
            }
        }
    }

    #[test]
    fn a_line_of_two_gigabytes_is_skipped_unheld() {
        let mut input = Endless { left: 2 << 30, chunk: vec![b'a'; 1 << 16], tail: b"\nnext\n" };
        let mut lines = Lines::new(&mut input);
        let (number, line) = lines.next().unwrap().unwrap();
        assert_eq!((number, line), (1, Line::TooLong(2 << 30)));
        let (number, line) = lines.next().unwrap().unwrap();
        assert_eq!((number, &line), (2, &Line::Text(b"next".to_vec())));
        assert_eq!(lines.next().unwrap(), None);
    }

    #[test]
    fn no_line_is_held_beyond_the_cap() {
        for (length, held) in [(MAX_RECORD, true), (MAX_RECORD + 1, false)] {
            let mut input = Endless { left: length as u64, chunk: vec![b'a'; 1000], tail: b"" };
            let (_, line) = Lines::new(&mut input).next().unwrap().unwrap();
            match line {
                Line::Text(text) => assert!(held && text.capacity() <= 2 * MAX_RECORD),
                Line::TooLong(bytes) => assert!(!held && bytes == length as u64),
            }
        }
    }

    #[test]
    fn lines_can_be_put_back() {
        let mut input: &[u8] = b"a\r\nb\n\nc";
        let mut lines = Lines::new(&mut input);
        let a = lines.next().unwrap().unwrap();
        let b = lines.next().unwrap().unwrap();
        assert_eq!((a.clone(), lines.number()), ((1, Line::Text(b"a".to_vec())), 3));
        lines.put_back(vec![a.clone(), b.clone()]);
        assert_eq!(lines.number(), 1);
        assert_eq!(lines.next().unwrap(), Some(a));
        assert_eq!(lines.next().unwrap(), Some(b));
        assert_eq!(lines.next().unwrap(), Some((3, Line::Text(vec![]))));
        assert_eq!(lines.next().unwrap(), Some((4, Line::Text(b"c".to_vec()))));
        assert_eq!(lines.next().unwrap(), None);
    }

    #[test]
    fn what_is_not_text_is_named() {
        let reason = |bytes: &[u8]| plain_text(bytes).unwrap_err().reason;
        let wide = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(order).collect()
        };
        assert!(reason(b"\x1f\x8b\x08\0").contains("gzip"));
        assert!(reason(b"PK\x03\x04").contains("spreadsheet"));
        assert!(reason(b"\xff\xfek\0").contains("UTF-16"));
        assert!(reason(&wide("kind,time,lat,lon", u16::to_le_bytes)).contains("without a byte order mark"));
        assert!(reason(&wide("kind,time,lat,lon", u16::to_be_bytes)).contains("without a byte order mark"));
        assert!(reason(b"<!DOCTYPE html>").contains("HTML"));
        assert_eq!(plain_text(b"\xef\xbb\xbfkind"), Ok(3));
        assert_eq!(plain_text(b"kind,\0\0time"), Ok(0), "a stray NUL is the row's fault");
        assert_eq!(plain_text(b""), Ok(0));
    }
}
