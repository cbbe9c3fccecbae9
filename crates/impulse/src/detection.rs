//! What goes in: nodes, detections, heartbeats.

/// A sensor: its name (a number, unique) and place in a plane, millimetres east and north.
///
/// The plane may be any whose scale is true to within the error of the sound speed over 50 km
/// (a projection of the stretch of ground concerned).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Node {
    /// Unique.
    pub name: u32,
    /// East.
    pub x_mm: i64,
    /// North.
    pub y_mm: i64,
}

/// What a node says of a bang's kind: the chance that it was a muzzle blast, an impact, neither, as
/// likelihoods in permille of each other. All equal (the default) says nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Class {
    /// Likelihood of the sound if it was a muzzle blast.
    pub outgoing: u16,
    /// Likelihood of the sound if it was an impact.
    pub impact: u16,
}

impl Default for Class {
    fn default() -> Self {
        Self { outgoing: 500, impact: 500 }
    }
}

/// A direction from which a node heard the bang.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Direction {
    /// Towards the source, clockwise from north, centidegrees.
    pub azimuth: i32,
    /// Error, one sigma, centidegrees; above zero.
    pub sigma: i32,
}

/// One bang heard by one node. Ordered by time, node, number: the order of all work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Detection {
    /// Event time by the node's clock, microseconds since 1970 UTC (any other fixed origin will do).
    pub time_us: i64,
    /// Name of the node.
    pub node: u32,
    /// Number of the detection, unique in a run.
    pub number: u64,
    /// Error of the clock at that moment, one sigma, microseconds, without the noise of timing.
    pub clock_us: u32,
    /// Direction of the source, where the node can tell.
    pub bearing: Option<Direction>,
    /// Peak pressure level, hundredths of a decibel re 20 micropascal, where known.
    pub level: Option<i32>,
    /// Length of the sound, microseconds; 0 where not known.
    pub duration_us: u32,
    /// What the node takes it for.
    pub class: Class,
}

impl Detection {
    /// A detection that tells only time and node.
    pub fn plain(number: u64, node: u32, time_us: i64) -> Self {
        Self {
            time_us,
            node,
            number,
            clock_us: 0,
            bearing: None,
            level: None,
            duration_us: 0,
            class: Class::default(),
        }
    }
}

/// A node was alive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Heartbeat {
    /// When, by the hub's clock.
    pub time_us: i64,
    /// Name of the node.
    pub node: u32,
}
