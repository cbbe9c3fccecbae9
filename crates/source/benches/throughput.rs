//! How fast tables are read: `cargo bench -p source`. Rows are made up.

use std::fmt::Write;
use std::hint::black_box;

use source::{Context, Format, Profile, Summary, read};
use truce::time::Zone;

fn main() {
    divan::main();
}

fn run(format: Format, file: &str) -> Summary {
    let profile = Profile { zone: Some(Zone::EasternEurope), ..Profile::new("bench") };
    let context = Context::default();
    let summary = read(format, "bench", file.as_bytes(), &profile, &context, &mut |item| {
        black_box(item);
    });
    assert_eq!(summary.rejected, 0);
    summary
}

#[divan::bench]
fn viina_9000_rows(bencher: divan::Bencher<'_, '_>) {
    let mut file = String::from("\"datetime\",\"lon\",\"lat\",\"place_name\",\"event_type\",\"headline\"\n");
    for row in 0..9_000 {
        let (day, place) = (row % 30 + 1, row % 700);
        let headline = "Унаслідок обстрілу пошкоджено житлові будинки та лінію електропередачі";
        let _ = writeln!(
            file,
            "\"2025-04-{day:02} 00:00:00\",\"37.{place:05}\",\"48.{place:05}\",\"Place {place}\",\"uav|property\",\"{headline} {row}\""
        );
    }
    bencher.bench(|| run(Format::Viina, &file));
}

#[divan::bench]
fn firms_100000_rows(bencher: divan::Bencher<'_, '_>) {
    let mut file = String::from(
        "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight\n",
    );
    for row in 0..100_000 {
        let _ = writeln!(
            file,
            "47.{:05},35.{:05},344.94,0.52,0.5,2023-02-24,1106,N,VIIRS,n,2.0NRT,269.52,7.75,D",
            row % 99_991,
            row % 9_973
        );
    }
    bencher.bench(|| run(Format::FirmsCsv, &file));
}
