//! No bytes whatever make a reader panic or its books not balance.

use proptest::prelude::*;
use source::Format;

use crate::common::SAMPLES;
use crate::outcome;

/// A sample with pieces cut out, put in and repeated: near enough to a good file to get deep into the reader.
fn damaged() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..6),
        proptest::sample::select(vec![
            &b"\""[..],
            b"\n",
            b"\r\n",
            b",",
            b"\"\"",
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b"\\",
            b"\0",
            b"-",
            b"9999999999",
            b"\xef\xbb\xbf",
            b"1e308",
            b"nan",
            b"2025-02-30",
            b"0000-00-00",
            b"9999-12-31",
            b"+15:59",
            b";",
            b"about ",
            "ї".as_bytes(),
            "İ".as_bytes(),
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    let change = (any::<prop::sample::Index>(), 0usize..12, piece);
    (0..SAMPLES.len(), proptest::collection::vec(change, 1..6)).prop_map(|(sample, changes)| {
        let mut bytes = SAMPLES[sample].text.as_bytes().to_vec();
        for (at, cut, put) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, put);
        }
        (sample, bytes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_files_are_read_to_the_end((sample, bytes) in damaged()) {
        let sample = &SAMPLES[sample];
        let (ids, ..) = outcome(sample.format, sample.name, &bytes);
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        prop_assert_eq!(distinct.len(), ids.len(), "identities are distinct");
        let _ = Format::recognise(sample.name, &bytes);
    }

    #[test]
    fn any_bytes_are_read_to_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for (_, format) in Format::NAMES {
            outcome(format, "x_2025-04-19", &bytes);
        }
        let _ = Format::recognise("x", &bytes);
    }

    #[test]
    fn any_text_after_a_good_start_is_read_to_the_end(sample in 0..SAMPLES.len(), at: prop::sample::Index, text in "\\PC{0,200}") {
        let sample = &SAMPLES[sample];
        let cut = sample.text.floor_char_boundary(at.index(sample.text.len()));
        outcome(sample.format, sample.name, format!("{}{text}", &sample.text[..cut]).as_bytes());
    }
}
