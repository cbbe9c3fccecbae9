//! Frames: how entries lie one after another in an append-only file.
//!
//! ```text
//! "TLF1" | length u32 | number u64 | batch u64 | CRC32C u32 | length bytes
//! ```
//!
//! Integers are little-endian; the CRC (Castagnoli, RFC 3720 appendix B.4) covers length, number, batch and the
//! bytes. `number` counts the entries of the log; `batch` is the number of the first entry of the write that this
//! entry was part of. A batch is acknowledged after its fsync, and the next is written only then. So of a file found
//! after a power cut only the last batch can be incomplete: a frame that does not check *before* a frame of a later
//! batch is damage, and never cut away as a torn tail.

use std::ops::Range;

/// The first bytes of a frame.
const MAGIC: &[u8; 4] = b"TLF1";
/// Bytes before an entry.
pub const HEADER: usize = 28;
/// The longest entry of a frame, in bytes.
pub const LONGEST: usize = 128 << 20;

/// Appends one frame to `out`.
///
/// # Panics
/// If the entry is longer than [`LONGEST`]; callers refuse it before.
pub fn write(out: &mut Vec<u8>, number: u64, batch: u64, entry: &[u8]) {
    assert!(entry.len() <= LONGEST, "entries are checked for their length before they are framed");
    let length = u32::try_from(entry.len()).expect("LONGEST fits 32 bits");
    out.extend_from_slice(MAGIC);
    let start = out.len();
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&batch.to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&out[start..]), entry);
    out.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(entry);
}

/// One frame found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Which entry of the log.
    pub number: u64,
    /// The first entry of the write it was part of.
    pub batch: u64,
    /// Where its entry lies in the file.
    pub entry: Range<usize>,
}

/// Reads the frame at `offset`; `None` if what lies there is no whole frame.
#[must_use]
pub fn read(bytes: &[u8], offset: usize) -> Option<Frame> {
    let header = bytes.get(offset..offset.checked_add(HEADER)?)?;
    if &header[..4] != MAGIC {
        return None;
    }
    let u64_at = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes"));
    let u32_at = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes"));
    let length = usize::try_from(u32_at(4)).ok()?;
    if length > LONGEST {
        return None;
    }
    let start = offset + HEADER;
    let entry = start..start.checked_add(length)?;
    let crc = crc32c::crc32c_append(crc32c::crc32c(&header[4..24]), bytes.get(entry.clone())?);
    (crc == u32_at(24)).then(|| Frame { number: u64_at(8), batch: u64_at(16), entry })
}

/// The number, batch and entry of what looks like a frame at `offset`, whether or not its CRC agrees: only for
/// finishing what is known to have been interrupted.
pub(crate) fn read_unchecked(bytes: &[u8], offset: usize) -> Option<(u64, u64, Range<usize>)> {
    let header = bytes.get(offset..offset.checked_add(HEADER)?)?;
    let length = usize::try_from(u32::from_le_bytes(header[4..8].try_into().ok()?)).ok()?;
    let entry = offset + HEADER..(offset + HEADER).checked_add(length)?;
    bytes.get(entry.clone())?;
    let u64_at = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes"));
    (&header[..4] == MAGIC).then(|| (u64_at(8), u64_at(16), entry))
}

/// How a file of frames ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tail {
    /// With a whole frame.
    Clean,
    /// With a piece of the last batch, never acknowledged: to be cut.
    Torn,
    /// An entry that was acknowledged does not check.
    Damaged {
        /// Which entry.
        number: u64,
    },
}

/// What a file of frames holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The whole frames from the beginning, numbered without a gap.
    pub frames: Vec<Frame>,
    /// Where the last of them ends, in bytes.
    pub end: usize,
    /// What follows.
    pub tail: Tail,
}

/// Reads a file of frames from byte `start`, the first of which is number `first`.
///
/// Any bytes are legal input; whatever they are, the frames returned are whole and without a gap.
#[must_use]
pub fn recover(bytes: &[u8], start: usize, first: u64) -> Recovery {
    let mut frames = vec![];
    let mut end = start;
    let mut next = first;
    while let Some(frame) = read(bytes, end) {
        if frame.number != next || frame.batch > next {
            break;
        }
        end = frame.entry.end;
        next += 1;
        frames.push(frame);
    }
    let rest = bytes.get(end..).unwrap_or_default();
    let tail = if rest.is_empty() {
        Tail::Clean
    } else if later_batch(bytes, end, next) {
        Tail::Damaged { number: next }
    } else {
        Tail::Torn
    };
    Recovery { frames, end, tail }
}

/// All whole frames from byte `start`, in the order of their numbers, also behind what is damaged.
pub(crate) fn those_that_check(bytes: &[u8], start: usize) -> Vec<Frame> {
    let mut frames: Vec<Frame> = vec![];
    let mut at = start;
    while at + HEADER <= bytes.len() {
        match read(bytes, at).filter(|frame| frames.last().is_none_or(|last| last.number < frame.number)) {
            Some(frame) => {
                at = frame.entry.end;
                frames.push(frame);
            }
            None => {
                let next = bytes[at + 1..].windows(MAGIC.len()).position(|four| four == MAGIC);
                let Some(next) = next else { break };
                at += 1 + next;
            }
        }
    }
    frames
}

/// Whether a whole frame of a batch that began after entry `number` lies behind `from`.
fn later_batch(bytes: &[u8], from: usize, number: u64) -> bool {
    (from..bytes.len().saturating_sub(HEADER - 1))
        .filter(|at| bytes[*at..].starts_with(MAGIC))
        .filter_map(|at| read(bytes, at))
        .any(|frame| frame.batch > number && frame.number >= frame.batch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut bytes = vec![];
        for (number, batch) in [(5, 5), (6, 5), (7, 7), (8, 7)] {
            write(&mut bytes, number, batch, &[u8::try_from(number).unwrap(); 40]);
        }
        bytes
    }

    #[test]
    fn whole_frames_are_read_back() {
        let recovery = recover(&file(), 0, 5);
        assert_eq!(recovery.tail, Tail::Clean);
        assert_eq!(recovery.frames.iter().map(|f| f.number).collect::<Vec<_>>(), [5, 6, 7, 8]);
    }

    #[test]
    fn every_cut_of_the_last_batch_is_a_torn_tail() {
        let bytes = file();
        for end in 0..bytes.len() {
            let recovery = recover(&bytes[..end], 0, 5);
            assert_eq!(recovery.frames.len(), end / 68);
            assert_eq!(recovery.tail, if end % 68 == 0 { Tail::Clean } else { Tail::Torn });
        }
    }

    #[test]
    fn a_flipped_bit_is_damage_unless_it_lies_in_the_last_batch() {
        let bytes = file();
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x10;
            let recovery = recover(&bytes, 0, 5);
            let number = at / 68;
            assert_eq!(recovery.frames.len(), number);
            if number < 2 {
                assert_eq!(recovery.tail, Tail::Damaged { number: 5 + number as u64 }, "byte {at}");
            } else {
                assert_eq!(recovery.tail, Tail::Torn, "byte {at}");
            }
        }
    }

    proptest::proptest! {
        /// Whatever the bytes and wherever they were changed: what is kept is a whole beginning of what was written,
        /// or, of arbitrary bytes, is written the same.
        #[test]
        fn what_is_recovered_was_written(
            entries in proptest::collection::vec(proptest::collection::vec(0u8.., 0..60), 0..12),
            splits in proptest::collection::vec(0u8..3, 12),
            change in (0usize..2000, 0u8.., 0usize..2000),
        ) {
            let (mut bytes, mut ends, mut batch) = (vec![], vec![0], 0);
            for (number, entry) in entries.iter().enumerate() {
                if splits[number] == 0 {
                    batch = number as u64;
                }
                write(&mut bytes, number as u64, batch, entry);
                ends.push(bytes.len());
            }
            let (at, with, cut) = change;
            let mut changed = bytes.clone();
            if let Some(byte) = changed.get_mut(at) {
                *byte ^= with;
            }
            changed.truncate(cut.max(1));
            let recovery = recover(&changed, 0, 0);
            let kept = recovery.frames.len();
            proptest::prop_assert_eq!(recovery.end, ends[kept]);
            proptest::prop_assert_eq!(&changed[..recovery.end], &bytes[..recovery.end]);
            proptest::prop_assert_eq!(recovery.tail == Tail::Clean, recovery.end == changed.len());
        }
    }
}
