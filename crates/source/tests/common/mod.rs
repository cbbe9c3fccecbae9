//! A small file of every format, made up for these tests, and the mission's words that go with it.

use source::format::Format;
use source::{Context, Profile};
use truce::observation::Asserter;
use truce::place::{KM, Point};
use truce::time::Zone;

pub(crate) struct Sample {
    pub(crate) format: Format,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    /// Rows, all of them good.
    pub(crate) rows: u64,
}

impl Sample {
    /// Held whole, so that one fault refuses it whole?
    pub(crate) fn is_map(&self) -> bool {
        matches!(self.format, Format::Deepstate | Format::Owlmaps)
    }
}

pub(crate) const SAMPLES: [Sample; 20] = [
    Sample {
        format: Format::ObservationCsv,
        name: "patrol.csv",
        rows: 3,
        text: "kind,time,observer_lat,observer_lon,bearing,half_width,near_m,far_m,count,note\n\
               impulse,2025-04-19T18:20:05+03:00,48.5,37.7,315,22.5,2000,6000,about 37,\"low, loud\"\n\
               impulse,2025-04-19T18:21:05+03:00,48.5,37.7,315,22.5,2000,6000,2,\n\
               obstruction,2025-04-20 Europe/Kyiv,,,,,,,,\n",
    },
    Sample {
        format: Format::ObservationNdjson,
        name: "patrol.ndjson",
        rows: 3,
        text: "{\"kind\":\"impulse\",\"time\":\"2025-04-19T18:20:05Z\",\"lat\":48.5,\"lon\":37.7,\"error_m\":150,\"count\":3}\n\
               {\"kind\":\"impulse\",\"time\":\"2025-04-19T18:21:05Z\",\"lat\":48.5,\"lon\":37.7,\"error_m\":150,\"note\":\"x\"}\n\
               {\"kind\":\"sensor-status\",\"time\":\"2025-04-19Z\",\"sensor\":\"s1\",\"up\":true,\"range_m\":9000}\n",
    },
    Sample {
        format: Format::Viina,
        name: "viina.csv",
        rows: 3,
        text: "\"datetime\",\"lon\",\"lat\",\"place_name\",\"event_type\",\"headline\"\n\
               \"2025-04-19 00:00:00\",\"37.6\",\"49.7\",\"Kupiansk\",\"firefighb|uav\",\"Fire, \"\"heavy\"\" fire\"\n\
               \"2025-04-19 18:04:00\",\"37.7\",\"48.5\",\"\",\"\",\"Тиша\"\n\
               \"2025-04-20 00:00:00\",\"30.5\",\"50.4\",\"Kyiv\",\"\",\"A film\"\n",
    },
    Sample {
        format: Format::ViinaEnergy,
        name: "viina_energy.csv",
        rows: 3,
        text: "date,n_reports,sources_matching,target_classes,asciiname,longitude,latitude,representative_text\n\
               20250320,1,a,ENERGY_GRID_SUPPORT,Kupiansk,37.61,49.71,\"Substation, destroyed\"\n\
               20250321,2,a|b,REFINING_PETROCHEM_GAS,Odessa,30.7,46.4,Refinery\n\
               20250322,1,,STRATEGIC_AIRBASE,Kyiv,30.5,50.4,Airfield\n",
    },
    Sample {
        format: Format::FirmsCsv,
        name: "viirs.csv",
        rows: 3,
        text: "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,frp\n\
               47.6,35.7,344.9,0.52,0.5,2025-04-19,1106,N,n,7.75\n\
               47.7,35.8,344.9,0.52,0.5,2025-04-19,35,N,h,7.75\n\
               47.8,35.9,344.9,1.0,1.0,2025-04-20,0035,Terra,87,\n",
    },
    Sample {
        format: Format::FirmsCsv,
        name: "points.csv",
        rows: 3,
        text: "LATITUDE,LONGITUDE,ACQ_DATE\n47.87,35.16,2019-01-02\n47.88,35.16,2019-01-02\n47.87,33.38,2019-01-03\n",
    },
    Sample {
        format: Format::FirmsGeojson,
        name: "viirs.geojson",
        rows: 3,
        text: "{\n\"type\": \"FeatureCollection\",\n\"features\": [\n\
               { \"type\": \"Feature\", \"properties\": { \"latitude\": 44.1, \"longitude\": 22.1, \"scan\": 0.4, \"track\": 0.4, \"acq_date\": \"2025-04-19\", \"acq_time\": 35, \"confidence\": \"n\", \"frp\": 1.1 }, \"geometry\": { \"type\": \"Point\", \"coordinates\": [ 22.1, 44.1 ] } },\n\
               { \"type\": \"Feature\", \"properties\": { \"acq_date\": \"2025-04-19\", \"satellite\": \"N20\" }, \"geometry\": { \"type\": \"Point\", \"coordinates\": [ 22.2, 44.2 ] } },\n\
               { \"type\": \"Feature\", \"properties\": { \"acq_date\": \"2025-04-20\", \"acq_time\": 1137 }, \"geometry\": { \"type\": \"Point\", \"coordinates\": [ 22.3, 44.3 ] } }\n]\n}\n",
    },
    Sample {
        format: Format::Deepstate,
        name: "deepstate_2025-04-19.geojson",
        rows: 1,
        text: "{ \"type\": \"FeatureCollection\",\n\"features\": [\n{ \"type\": \"Feature\", \"properties\": { }, \"geometry\": { \"type\": \"MultiPolygon\", \"coordinates\": [ [ [ [ 35.2, 45.5 ], [ 35.3, 45.4 ], [ 35.4, 45.3 ],\n [ 35.2, 45.5 ] ] ] ] } }\n]\n}\n",
    },
    Sample {
        format: Format::Owlmaps,
        name: "owlmaps_2025-03-31.json",
        rows: 1,
        text: "{\"areas\": [[[45.9, 33.5], [45.8, 33.6],\n [45.7, 33.4], [45.9, 33.5]]], \"areas_ua\": [], \"frontline\": [[[50.3, 36.3], [50.2, 36.4]]], \"geos\": []}\n",
    },
    Sample {
        format: Format::Alerts,
        name: "alerts.csv",
        rows: 3,
        text: "region,started_at,finished_at,n_subalerts\n\
               Sumska oblast,2025-04-19 06:42:02+00:00,2025-04-19 09:08:59+00:00,1\n\
               Sumska oblast,2025-04-19 16:42:02+00:00,2025-04-25 09:08:59+00:00,40\n\
               Sumska oblast,2025-04-26 16:42:02+00:00,,1\n",
    },
    Sample {
        format: Format::Attacks,
        name: "attacks.csv",
        rows: 3,
        text: "time_start,time_end,model,launch_place,target,launched,destroyed\n\
               2025-04-18 19:30,2025-04-19 08:30,Shahed-136/131,\"here, there\",Ukraine,87.0,33.0\n\
               2025-04-18 21:00,2025-04-18 21:00,Iskander-M,Crimea,Sumska oblast,1.0,0.0\n\
               2025-04-19,2025-04-19,Lancet,,south,2.0,2.0\n",
    },
    Sample {
        format: Format::Claims,
        name: "claims.csv",
        rows: 3,
        text: "name,claimant,against,window_start,window_end,as_of,unit,total,parts,cumulative,quote,url\n\
               one,a,b,2025-04-20 Europe/Kyiv,2025-04-20 Europe/Kyiv,,attacks,2935,assaults = 96; drones = at least 950,no,\"so, said\",https://example.org\n\
               two,b,a,2025-04-19T18:00+03:00,2025-04-21T00:00+03:00,2025-04-21T10:31+03:00,breaches,4900,,no,,\n\
               three,a,b,2025-04-19Z,2025-04-20Z,,shellings,about 30,,yes,,\n",
    },
    Sample {
        format: Format::ThermalDays,
        name: "fires.csv",
        rows: 3,
        text: "date,cloud_cover_in_country,cloud_cover_in_east_of_country,fires_per_day,war_fires_per_day\n\
               2025-04-19,0.336,0.138,1078,678\n2025-04-20,0.172,0.123,976,739\n2025-04-21,0.294,0.314,1050,664\n",
    },
    Sample {
        format: Format::MinistryPosts,
        name: "posts.csv",
        rows: 3,
        text: "date,datetime,drone_count,oblasts,text_snippet\n\
               2025-04-19,2025-04-19 04:16,0,x,\"В течение ночи **уничтожено два украинских беспилотных аппарата**, ура\"\n\
               2025-04-19,2025-04-19 20:04,13,x,\"Главное, за день\"\n\
               2025-04-20,2025-04-20 10:12,0,x,\"О ходе, перемирия\"\n",
    },
    Sample {
        format: Format::GeneralStaff,
        name: "staff.json",
        rows: 3,
        text: "[\n{\n\"date\": \"2025-04-19\",\n\"day\": 1151,\n\"tank\": 10682,\n\"personnel\": 940000,\n\"personnel*\": \"about\"\n},\n\
               {\n\"date\": \"2025-04-20\",\n\"day\": 1152,\n\"tank\": 10687,\n\"personnel\": 941000,\n\"personnel*\": \"about\"\n},\n\
               {\n\"date\": \"2025-04-21\",\n\"day\": 1153,\n\"tank\": 10690,\n\"personnel\": 942000,\n\"personnel*\": \"about\"\n}\n]\n",
    },
    Sample {
        format: Format::Stations,
        name: "stations.csv",
        rows: 3,
        text: "node,since,lat,lon,range_m,clock_error_ms,height_m,network,note\n\
               n1,2025-04-19T00:00:00Z,48.5,37.7,8000,1,120,,\"by the mill, north\"\n\
               n2,2025-04-19T00:00:00Z,48.6,37.7,8000,1.5,,net,\n\
               n1,2025-04-20T00:00:00+03:00,48.51,37.7,8000,20,,,moved\n",
    },
    Sample {
        format: Format::ImpulseDetections,
        name: "detections.csv",
        rows: 3,
        text: "node,time,clock_error_ms,azimuth,azimuth_error,level_db,duration_ms,outgoing,impact,note\n\
               n1,2025-04-19T18:20:05.123456Z,1,271.5,5,94.2,180,0.8,0.2,\"low, loud\"\n\
               n2,2025-04-19T18:20:06.2+03:00,,,,,,,,\n\
               n1,2025-04-19T18:20:07Z,2,,,,,,,\n",
    },
    Sample {
        format: Format::Heartbeats,
        name: "heartbeats.csv",
        rows: 3,
        text: "node,time,time_end,state,note\n\
               n1,2025-04-19T18:00:00Z,2025-04-19T19:00:00Z,up,\"all, well\"\n\
               n2,2025-04-19T18:00:00Z,2025-04-19T19:00:00Z,down,\n\
               n1,2025-04-19T19:00:00Z,2025-04-19T19:05:00Z,saturated,\n",
    },
    Sample {
        format: Format::AirSensors,
        name: "sensors.csv",
        rows: 3,
        text: "sensor,since,lat,lon,range_m,senses,scans,detection,false_per_scan,cooperative,note\n\
               radar,2025-04-19T00:00:00Z,48.5,37.7,20000,light,yes,0.9,2,no,\"mast, 12 m\"\n\
               array,2025-04-19T00:00:00Z,48.6,37.7,5000,sound,no,,,,\n\
               receiver,2025-04-19T00:00:00Z,48.7,37.7,200000,light,no,,,yes,\n",
    },
    Sample {
        format: Format::AirMeasurements,
        name: "measurements.csv",
        rows: 3,
        text: "sensor,time,measure,lat,lon,error_m,azimuth,azimuth_error,claims,craft,craft_chance,note\n\
               radar,2025-04-19T18:20:05Z,position,48.55,37.7,25,,,,multirotor,0.8,\"small, slow\"\n\
               array,2025-04-19T18:20:05.5Z,direction,,,,271.5,3,,,,\n\
               receiver,2025-04-19T18:20:06Z,report,48.55,37.7,10,,,M-1,,,\n",
    },
];

pub(crate) fn profile() -> Profile {
    Profile {
        asserted_by: Asserter::Party("a".into()),
        about: Some("b".into()),
        zone: Some(Zone::EasternEurope),
        ..Profile::new("sample")
    }
}

pub(crate) fn context() -> Context<'static> {
    let mut context = Context::default();
    context.add_province("Sumy", &["Sumska oblast"], Point { lon: 340_000_000, lat: 510_000_000 }, 150 * KM);
    context
}
