//! Broken input of every format: a clear message, and nothing else lost.

use std::io::{self, BufReader, Read};

use crate::common::{SAMPLES, Sample, context, profile};
use crate::outcome;
use source::{Cause, Format, Item, Rejected, read};

fn of(sample: &Sample, bytes: &[u8]) -> (Vec<truce::Id>, Vec<Rejected>, source::Summary) {
    outcome(sample.format, sample.name, bytes)
}

/// One record to a line, after a header line?
fn is_table(sample: &Sample) -> bool {
    sample.name.ends_with(".csv")
}

#[test]
fn the_samples_are_good_and_recognised() {
    for sample in &SAMPLES {
        let (_, rejected, summary) = of(sample, sample.text.as_bytes());
        assert_eq!((rejected, summary.accepted), (vec![], sample.rows), "{}", sample.name);
        assert!(summary.complete);
        let recognised = Format::recognise("file.txt", sample.text.as_bytes());
        assert_eq!(recognised, Ok(sample.format), "{}", sample.name);
    }
    for (_, format) in Format::NAMES {
        assert!(SAMPLES.iter().any(|sample| sample.format == format), "no sample of {format:?}");
        assert_eq!(Format::parse(format.name()), Some(format));
    }
}

#[test]
fn files_that_are_not_text_are_named() {
    for sample in &SAMPLES {
        let wide = |mark: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("{mark}{}", sample.text).encode_utf16().flat_map(order).collect()
        };
        let gzip = [b"\x1f\x8b\x08\0\0\0\0\0", sample.text.as_bytes()].concat();
        for (bytes, word) in [
            (gzip, "compressed (gzip)"),
            (b"PK\x03\x04 a spreadsheet".to_vec(), "export a spreadsheet as CSV"),
            (wide("\u{feff}", u16::to_le_bytes), "UTF-16"),
            (wide("\u{feff}", u16::to_be_bytes), "UTF-16"),
            (wide("", u16::to_le_bytes), "UTF-16 without"),
            (wide("", u16::to_be_bytes), "UTF-16 without"),
            (b"<html><body>Not found</body></html>".to_vec(), "error page"),
        ] {
            let (ids, rejected, summary) = of(sample, &bytes);
            assert!(ids.is_empty() && !summary.complete, "{}", sample.name);
            let [only] = &rejected[..] else { panic!("{rejected:?}") };
            assert_eq!((only.line, only.cause), (1, Cause::Encoding), "{}", sample.name);
            assert!(only.reason.contains(word), "{}: {only}", sample.name);
            let refused = Format::recognise(sample.name, &bytes).unwrap_err();
            assert_eq!(&refused, only, "recognising says the same");
        }
    }
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    for sample in &SAMPLES {
        let (ids, ..) = of(sample, sample.text.as_bytes());
        let (with_mark, rejected, _) = of(sample, format!("\u{feff}{}", sample.text).as_bytes());
        assert_eq!((&with_mark, rejected), (&ids, vec![]), "{}", sample.name);
        if is_table(sample) || sample.format == Format::ObservationNdjson {
            let (with_crlf, rejected, _) = of(sample, sample.text.replace('\n', "\r\n").as_bytes());
            assert_eq!((&with_crlf, rejected), (&ids, vec![]), "{}", sample.name);
            let (no_last, rejected, _) = of(sample, sample.text.trim_end().as_bytes());
            assert_eq!((&no_last, rejected), (&ids, vec![]), "{}", sample.name);
        }
    }
}

#[test]
fn identities_do_not_depend_on_the_order_of_rows() {
    for sample in SAMPLES.iter().filter(|sample| is_table(sample)) {
        let mut lines: Vec<&str> = sample.text.lines().collect();
        lines.push(lines[1]); // a repeated row
        let distinct = sample.format != Format::Claims; // where a claim's name may not come twice
        let forward = lines.join("\n");
        lines[1..].reverse();
        let (mut there, ..) = of(sample, forward.as_bytes());
        let (mut back, ..) = of(sample, lines.join("\n").as_bytes());
        there.sort();
        back.sort();
        assert_eq!(there, back, "{}", sample.name);
        there.dedup();
        assert_eq!(there.len() as u64, sample.rows + u64::from(distinct), "{}", sample.name);
    }
}

#[test]
fn an_empty_file_says_so() {
    for sample in &SAMPLES {
        for text in ["", "\n\n", "\u{feff}"] {
            let (ids, rejected, _) = of(sample, text.as_bytes());
            let quiet = sample.format == Format::ObservationNdjson; // no line, no row
            assert!(ids.is_empty() && rejected.len() == usize::from(!quiet), "{}: {rejected:?}", sample.name);
        }
    }
}

#[test]
fn a_wrong_column_is_named() {
    for sample in SAMPLES.iter().filter(|sample| is_table(sample)) {
        let (header, rows) = sample.text.split_once('\n').unwrap();
        // The first column of each sample is one that its format needs, but for two.
        let needed = match sample.format {
            Format::Attacks | Format::FirmsCsv | Format::Alerts | Format::ThermalDays => {
                header.split(',').next().unwrap()
            }
            Format::ObservationCsv => "kind",
            Format::Viina => "headline",
            Format::ViinaEnergy => "asciiname",
            Format::Claims => "claimant",
            Format::Stations | Format::ImpulseDetections => "clock_error_ms",
            Format::Heartbeats => "state",
            Format::AirSensors => "senses",
            Format::AirMeasurements => "measure",
            _ => "text_snippet",
        };
        let mistyped = header.replacen(needed, &format!("{needed}x"), 1);
        let (ids, rejected, summary) = of(sample, format!("{mistyped}\n{rows}").as_bytes());
        let [only] = &rejected[..] else { panic!("{rejected:?}") };
        assert!(ids.is_empty() && !summary.complete && only.cause == Cause::Columns);
        let word = format!("`{}` (the file has `{}x`", needed.to_lowercase(), needed.to_lowercase());
        assert!(only.reason.contains(&word), "{}: {only}", sample.name);
        let refused = Format::recognise(sample.name, format!("{mistyped}\n{rows}").as_bytes()).unwrap_err();
        assert!(refused.reason.contains(sample.format.name()), "{}: {refused}", sample.name);
    }
}

/// The sample with a broken record before its last one: so many faults, and all good rows kept.
fn one_bad_row(sample: &Sample, bad: &[u8], faults: usize) -> Vec<Rejected> {
    let text = sample.text.trim_end();
    let last = text.rfind('\n').expect("samples have several lines") + 1;
    let file = [&text.as_bytes()[..last], bad, b"\n", &text.as_bytes()[last..], b"\n"].concat();
    let (ids, rejected, _) = of(sample, &file);
    assert_eq!(rejected.len(), faults, "{}: {rejected:?}", sample.name);
    assert_eq!(ids, of(sample, sample.text.as_bytes()).0, "{}", sample.name);
    let line = text[..last].lines().count() as u64 + 1;
    assert!(rejected.iter().all(|one| one.line == line), "{}: {rejected:?}", sample.name);
    rejected
}

#[test]
fn damage_in_a_row_costs_that_row() {
    for sample in SAMPLES.iter().filter(|sample| is_table(sample)) {
        let row = sample.text.lines().nth(1).unwrap();
        let plain = row.replace('"', "");
        let (first, rest) = plain.split_once(',').unwrap();
        for (bad, cause) in [
            (b"\0\0\0".to_vec(), Cause::Encoding),
            (b"\xff\xfe,\xff".to_vec(), Cause::Encoding),
            (b"only,".to_vec(), Cause::Columns),
            (format!("{row},more").into_bytes(), Cause::Columns),
            (format!("\"{plain}").into_bytes(), Cause::Quotes),
            (format!("{first},\"q\"x,{rest}").into_bytes(), Cause::Quotes),
            (vec![b'x'; (1 << 20) + 1], Cause::TooLong),
        ] {
            let rejected = one_bad_row(sample, &bad, 1);
            assert_eq!(rejected[0].cause, cause, "{}: {}", sample.name, rejected[0]);
        }
    }
    let ndjson = &SAMPLES[1];
    assert_eq!(ndjson.format, Format::ObservationNdjson);
    for bad in
        [&b"{\"kind\":"[..], b"\0", b"\xff", b"[1]", b"{}", b"\"", &[b'{'; 2000], &vec![b'x'; (1 << 20) + 1]]
    {
        one_bad_row(ndjson, bad, 1);
    }
}

#[test]
fn damage_in_an_element_costs_that_element() {
    for sample in
        SAMPLES.iter().filter(|sample| matches!(sample.format, Format::FirmsGeojson | Format::GeneralStaff))
    {
        let first = if sample.format == Format::GeneralStaff {
            "{\n\"date\": \"2025-04-20\""
        } else {
            "{ \"type\": \"Feature\", \"properties\": { \"acq_date\": \"2025-04-19\", \"sat"
        };
        let at = sample.text.find(first).unwrap();
        let ids = of(sample, sample.text.as_bytes()).0;
        let long = format!("{{\"a\": \"{}\"}},", "x".repeat(1 << 20));
        for bad in [
            "{},",
            "{\"type\": \"Feature\"},",
            "{\"a\": \"x},",
            "{\"a\": {\"b\": 1},",
            "{\"a\": ]},",
            "\0,",
            "x,",
            "{\"a\": \0},",
            &long,
            "[],",
        ] {
            let file = format!("{}{bad}\n{}", &sample.text[..at], &sample.text[at..]);
            let (kept, rejected, _) = of(sample, file.as_bytes());
            assert_eq!(
                (kept, rejected.len()),
                (ids.clone(), 1),
                "{} {}: {rejected:?}",
                sample.name,
                &bad[..bad.len().min(40)]
            );
        }
    }
}

#[test]
fn a_position_off_the_globe_is_refused() {
    for (sample, from) in SAMPLES.iter().filter_map(|sample| {
        let lat = match sample.format {
            Format::ObservationCsv | Format::ObservationNdjson => "48.5",
            Format::Viina => "49.7",
            Format::ViinaEnergy => "49.71",
            Format::FirmsCsv => sample.text.lines().nth(1).unwrap().split(',').next().unwrap(),
            Format::FirmsGeojson => "44.2",
            Format::Deepstate => "45.4",
            Format::Owlmaps => "45.8",
            _ => return None,
        };
        Some((sample, lat))
    }) {
        let (ids, rejected, _) = of(sample, sample.text.replacen(from, "91", 1).as_bytes());
        assert_eq!(rejected.len(), 1, "{}", sample.name);
        if !sample.is_map() {
            assert_eq!(
                (rejected[0].cause, ids.len() as u64),
                (Cause::Place, sample.rows - 1),
                "{}",
                sample.name
            );
        }
    }
}

#[test]
fn a_missing_clock_is_refused() {
    for sample in &SAMPLES {
        // Formats that state their zone must state it; formats that can't need the mission file.
        let (text, profile) = match sample.format {
            Format::ObservationCsv | Format::ObservationNdjson | Format::Alerts | Format::Claims => {
                let bare =
                    sample.text.replace("+03:00", "").replace("+00:00", "").replace(" Europe/Kyiv", "");
                (bare.replace("Z\"", "\"").replace("Z,", ","), profile())
            }
            Format::Viina | Format::ViinaEnergy | Format::Attacks | Format::GeneralStaff => {
                (sample.text.to_string(), source::Profile { zone: None, ..profile() })
            }
            _ => continue, // UTC by the source's own word, or a map of a day
        };
        let mut causes = Vec::new();
        let summary = read(sample.format, sample.name, text.as_bytes(), &profile, &context(), &mut |item| {
            if let Item::Rejected(one) = item {
                assert!(one.reason.contains("zone"), "{one}");
                causes.push(one.cause);
            }
        });
        assert_eq!((summary.accepted, causes.len() as u64), (0, sample.rows), "{}", sample.name);
    }
}

#[test]
fn a_file_cut_anywhere_keeps_what_came_before() {
    for sample in &SAMPLES {
        let whole = of(sample, sample.text.as_bytes()).0;
        for end in 0..sample.text.len() {
            let (ids, rejected, _) = of(sample, &sample.text.as_bytes()[..end]);
            // The last row may be cut where it still reads as one.
            let kept = ids.len().min(whole.len());
            assert_eq!(
                ids[..kept.saturating_sub(1)],
                whole[..kept.saturating_sub(1)],
                "{} at {end}",
                sample.name
            );
            if sample.is_map() && end + 2 < sample.text.trim_end().len() {
                assert!(rejected.len() == 1, "{} at {end}", sample.name);
            }
        }
    }
}

/// Fails after some bytes, and gives them in small pieces.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::other("the disk went away"));
        }
        let length = into.len().min(7).min(self.0.len());
        into[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

#[test]
fn a_reader_that_fails_stops_the_run_and_says_so() {
    for sample in &SAMPLES {
        let bytes = [sample.text.as_bytes(), &[b' '; 600]].concat();
        let mut last = None;
        let input = BufReader::with_capacity(16, Failing(&bytes));
        let summary =
            read(sample.format, sample.name, input, &profile(), &context(), &mut |item| last = Some(item));
        if matches!(sample.format, Format::FirmsGeojson | Format::GeneralStaff) {
            // The list has ended before the disk went away.
            assert!(summary.complete && summary.accepted == sample.rows);
            continue;
        }
        let Some(Item::Rejected(rejected)) = last else { panic!("{}", sample.name) };
        assert_eq!(rejected.cause, Cause::Unreadable, "{}", sample.name);
        assert!(rejected.reason.contains("the disk went away"));
        assert_eq!(summary.complete, sample.is_map(), "a map is one row");
        assert_eq!(summary.accepted, if sample.is_map() { 0 } else { sample.rows }, "{}", sample.name);
    }
}

#[test]
fn small_pieces_read_like_large_ones() {
    for sample in &SAMPLES {
        let mut ids = Vec::new();
        let one_by_one = BufReader::with_capacity(1, sample.text.as_bytes());
        read(sample.format, sample.name, one_by_one, &profile(), &context(), &mut |item| {
            if let Item::Observation(observation) = item {
                ids.push(observation.id);
            }
        });
        assert_eq!(ids, of(sample, sample.text.as_bytes()).0, "{}", sample.name);
    }
}
