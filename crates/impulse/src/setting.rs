//! What the association is told beforehand: everything that decides is here, as whole numbers.

/// The setting of a run. Lengths in millimetres, times in microseconds, shares in permille or parts per
/// million (ppm), evidence in centibans. One setting serves every density of events and false detections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Speed of sound where the medium is not known better, mm/s.
    pub sound_speed_mm_s: i64,
    /// How far a node hears.
    pub hearing_mm: i64,
    /// Chance that a node in reach reports a bang, permille.
    pub detection_permille: i64,
    /// Noise of a detection time at the node, one sigma.
    pub timing_us: i64,
    /// Independent error of each path before anything is learnt, ppm of its travel time, one sigma.
    pub path_ppm: i64,
    /// What the weather says: effective sound speed and wind, with one-sigma errors.
    pub weather: Weather,
    /// Distance beyond which the wind of two events has nothing in common.
    pub wind_reach_mm: i64,
    /// The same in time.
    pub wind_memory_us: i64,
    /// Evidence above that of a chance set, for an event to be emitted, centibans.
    pub margin_centibans: i64,
    /// Side of a square of the grid; at least three times the hearing radius, since the ring of squares
    /// around one is its halo.
    pub square_mm: i64,
    /// Length of a time slice.
    pub slice_us: i64,
    /// A node whose last heartbeat is older than this counts for nothing, if heartbeats come at all.
    pub silent_us: i64,
    /// Probability from which a bang counts as outgoing or as an impact, permille.
    pub established_permille: i64,
    /// Rounds: the slowest and the fastest mean speed over a flight, mm/s.
    pub round_mm_s: [i64; 2],
    /// The longest range of a round, within which its other end is looked for.
    pub round_range_mm: i64,
    /// How far beside its path the bow shock of a round is heard.
    pub shock_mm: i64,
    /// An echo comes from within this time of sound travel.
    pub echo_us: i64,
    /// Evidence from which a bang is told to be an echo, or two to be the ends of one round, centibans.
    pub related_centibans: i64,
}

/// A prior of the medium from weather data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weather {
    /// Relative difference of the sound speed from [`Setting::sound_speed_mm_s`], ppm.
    pub speed_ppm: i64,
    /// Wind towards east, mm/s.
    pub east_mm_s: i64,
    /// Wind towards north, mm/s.
    pub north_mm_s: i64,
    /// Error of the sound speed, ppm, one sigma.
    pub speed_sigma_ppm: i64,
    /// Error of each component of the wind, mm/s, one sigma.
    pub wind_sigma_mm_s: i64,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            sound_speed_mm_s: 340_000,
            hearing_mm: 8_000_000,
            detection_permille: 800,
            timing_us: 20_000,
            path_ppm: 10_000,
            weather: Weather {
                speed_ppm: 0,
                east_mm_s: 0,
                north_mm_s: 0,
                speed_sigma_ppm: 5_000,
                wind_sigma_mm_s: 3_400,
            },
            wind_reach_mm: 30_000_000,
            wind_memory_us: 900_000_000,
            margin_centibans: 130,
            square_mm: 24_000_000,
            slice_us: 120_000_000,
            silent_us: 600_000_000,
            established_permille: 950,
            round_mm_s: [120_000, 800_000],
            round_range_mm: 40_000_000,
            shock_mm: 3_000_000,
            echo_us: 12_000_000,
            related_centibans: 43,
        }
    }
}

/// The setting in the units that the arithmetic uses: kilometres, seconds, natural logarithms.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    /// km/s
    pub speed: f64,
    /// km
    pub reach: f64,
    pub hit: f64,
    pub timing: f64,
    pub path: f64,
    /// natural logarithm
    pub margin: f64,
    /// km
    pub square: f64,
    /// Mean of the medium relative to `speed`: sound speed, wind east, wind north.
    pub mean: [f64; 3],
    /// Its one-sigma errors.
    pub sigma: [f64; 3],
    pub wind_reach: f64,
    pub wind_memory: f64,
}

/// Centibans in one unit of natural logarithm: 100 / ln 10.
pub(crate) const CENTIBANS: f64 = 43.429_448_190_325_18;

impl Setting {
    /// The longest that sound can take across the hearing radius.
    pub(crate) fn horizon_us(&self) -> i64 {
        let units = self.units();
        libm::ceil(1.05e6 * units.reach / units.speed) as i64
    }

    /// How long after the end of a slice what was heard still bears on it, microseconds: a bang at its end, and one
    /// a horizon later that competes with it, must be heard out.
    pub fn lag_us(&self) -> i64 {
        2 * self.horizon_us() + 1_000_000
    }

    pub(crate) fn units(&self) -> Units {
        let speed = self.sound_speed_mm_s as f64 * 1e-6;
        let relative = |mm_s: i64| mm_s as f64 / self.sound_speed_mm_s as f64;
        Units {
            speed,
            reach: self.hearing_mm as f64 * 1e-6,
            hit: self.detection_permille as f64 * 1e-3,
            timing: self.timing_us as f64 * 1e-6,
            path: self.path_ppm as f64 * 1e-6,
            margin: self.margin_centibans as f64 / CENTIBANS,
            square: self.square_mm as f64 * 1e-6,
            mean: [
                self.weather.speed_ppm as f64 * 1e-6,
                relative(self.weather.east_mm_s),
                relative(self.weather.north_mm_s),
            ],
            sigma: [
                self.weather.speed_sigma_ppm as f64 * 1e-6,
                relative(self.weather.wind_sigma_mm_s),
                relative(self.weather.wind_sigma_mm_s),
            ],
            wind_reach: self.wind_reach_mm as f64 * 1e-6,
            wind_memory: self.wind_memory_us as f64 * 1e-6,
        }
    }
}
