//! NASA FIRMS active fire detections as GeoJSON, feature by feature. What a detection is worth: see the table.
//!
//! The geometry is the position. Where the properties give one too and the two differ by more than rounding,
//! the feature is set aside: one of them is wrong, and nothing tells which.

use std::io::BufRead;

use serde_json::Value;
use truce::observation::Observation;

use super::firms_csv::detection;
use crate::Cause;
use crate::cell::{Cell, Fault, position};
use crate::json::{Element, Elements, missing, scalar};
use crate::run::Run;

/// 1e-4 degree, some 11 m: properties are rounded to five decimals.
const ROUNDING: u32 = 1_000;

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let mut features = Elements::new(input, Some("features"));
    while let Some(feature) = features.next(run) {
        let made = detected(&feature, run);
        run.settle(feature.start.line, &feature.raw, made);
    }
}

fn detected(feature: &Element, run: &Run<'_>) -> Result<Observation, Fault> {
    let object = feature.object()?;
    let shape = |what: &str| Fault::new(Cause::Json, what.to_string());
    if object.get("type").and_then(Value::as_str) != Some("Feature") {
        return Err(shape("this object is not a Feature"));
    }
    let geometry = object.get("geometry").filter(|it| it["type"] == "Point");
    let coordinates = geometry.and_then(|it| it["coordinates"].as_array());
    let (lon, lat) = match coordinates.map(Vec::as_slice) {
        Some([lon, lat] | [lon, lat, _]) if lon.is_number() && lat.is_number() => {
            (lon.to_string(), lat.to_string())
        }
        _ => return Err(shape("the geometry is not a Point with longitude and latitude")),
    };
    let cell = |name, text| Cell { text, name, column: None };
    let at = position(cell("latitude", &lat), cell("longitude", &lon), run.context.bounds)?;
    let Some(Value::Object(properties)) = object.get("properties") else {
        return Err(shape("the feature has no properties"));
    };
    let texts: Vec<(&str, String)> =
        properties.iter().filter_map(|(key, value)| Some((key.as_str(), scalar(value)?))).collect();
    let get = |name: &str| {
        let (name, text) =
            texts.iter().find(|(key, text)| key.eq_ignore_ascii_case(name) && !text.is_empty())?;
        Some(cell(name, text.trim()))
    };
    if let (Some(lat), Some(lon)) = (get("latitude"), get("longitude")) {
        let stated = position(lat, lon, None)?;
        if stated.lat.abs_diff(at.lat) > ROUNDING || stated.lon.abs_diff(at.lon) > ROUNDING {
            return Err(Fault::new(
                Cause::Place,
                "the geometry and the properties give different positions".into(),
            ));
        }
    }
    detection(run, at, get("acq_date").ok_or_else(|| missing("acq_date"))?, get)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons, shared};
    use crate::{Context, Profile};
    use truce::place::Place;

    fn feature(lon: f64, lat: f64, properties: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}}}"#
        )
    }

    fn collection(features: &[String]) -> String {
        format!("{{\"type\":\"FeatureCollection\",\n\"features\":[\n{}\n]}}\n", features.join(",\n"))
    }

    const GOOD: &str = r#""latitude":44.07969,"longitude":22.10233,"scan":0.39,"track":0.36,"acq_date":"2026-06-25","acq_time":35,"confidence":"h","frp":1.12"#;

    #[test]
    fn a_feature_says_what_a_row_says() {
        let profile = Profile::new("firms");
        let json = one(
            Format::FirmsGeojson,
            &collection(&[feature(22.10233, 44.07969, GOOD)]),
            &profile,
            &Context::default(),
        );
        let csv = "latitude,longitude,scan,track,acq_date,acq_time,confidence,frp\n44.07969,22.10233,0.39,0.36,2026-06-25,0035,h,1.12\n";
        let csv = one(Format::FirmsCsv, csv, &profile, &Context::default());
        assert_eq!(Observation { id: csv.id, ..json }, csv);
        assert_eq!(csv.time.start.to_string(), "2026-06-25T00:35:00Z");
    }

    #[test]
    fn bad_features_cost_themselves() {
        let (profile, context) = (Profile::new("firms"), Context::default());
        let good = feature(22.10233, 44.07969, GOOD);
        let file = collection(&[
            good.clone(),
            feature(22.2, 44.07969, GOOD),
            feature(22.1, 91.0, r#""acq_date":"2026-06-25""#),
            feature(22.1, 44.0, r#""acq_time":35"#),
            r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}"#.into(),
            r#"{"type":"Feature","properties":{"a":}}"#.into(),
            r#"{"type":"Feature","properties":{"a":"x}}"#.into(),
            good,
        ]);
        let reasons = reasons(Format::FirmsGeojson, file.as_bytes(), &profile, &context);
        let words = [
            "different positions",
            "`91` is not a latitude",
            "`acq_date` is missing",
            "not a Point",
            "broken",
            "not closed on its line",
        ];
        assert_eq!(reasons.len(), words.len(), "{reasons:?}");
        for (row, (reason, word)) in reasons.iter().zip(words).enumerate() {
            assert!(reason.starts_with(&format!("line {}", row + 4)) && reason.contains(word), "{reason}");
        }
        let good = observations(Format::FirmsGeojson, file.as_bytes(), &profile, &context);
        assert!(good.len() == 2 && matches!(good[1].place, Place::Point { .. }));
    }

    #[test]
    fn shared_five_days_of_three_satellites() {
        let Some(bytes) = shared("firms/viirs_nrt_2026-06.geojson") else { return };
        let (profile, context) = (Profile::new("firms"), Context::default());
        assert_eq!(Format::recognise("x", &bytes[..4096]), Ok(Format::FirmsGeojson));
        assert_eq!(reasons(Format::FirmsGeojson, &bytes, &profile, &context), [""; 0]);
        assert_eq!(observations(Format::FirmsGeojson, &bytes, &profile, &context).len(), 6715);
        // Cut in the middle: what came before is kept.
        let half = &bytes[..bytes.len() / 2];
        let kept = observations(Format::FirmsGeojson, half, &profile, &context).len();
        assert!((3000..3800).contains(&kept), "{kept}");
        assert!(
            super::super::tests::reasons(Format::FirmsGeojson, half, &profile, &context)[0]
                .contains("cut off")
        );
    }
}
