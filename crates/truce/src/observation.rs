//! What one source said.

use crate::claim::Claim;
use crate::place::{Mm, Place};
use crate::sensing::{Derived, Heard, Instrument, Measured, State};
use crate::time::Span;
use crate::{Id, Name};
use alloc::boxed::Box;

/// What one source said once: never edited, never more certain than the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Observation {
    /// Identity: SHA-256 over the source's name and the raw bytes, made at the edge.
    pub id: Id,
    /// Name of the source, as in the mission file.
    pub source: Name,
    /// Group of independence: the root of the information. Two observations of one group are one witness.
    pub group: Name,
    /// Who says so.
    pub asserted_by: Asserter,
    /// What kind of observation this is.
    pub kind: Kind,
    /// When it happened; a date without a time of day is the whole day on the stated clock.
    pub time: Span,
    /// Where it happened.
    pub place: Place,
    /// What was done, where the observation tells.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// How many.
    pub count: Count,
    /// Which party's forces acted, only where the source itself says so.
    pub origin: Option<Name>,
    /// Direction of fire or movement where given: clockwise from true north, centidegrees, towards.
    pub direction: Option<i32>,
    /// Admiralty rating.
    pub rating: Rating,
    /// Key of the text that a report was made from: reports with one key repeat each other.
    pub text_key: Option<u64>,
    /// What only this kind has.
    pub detail: Detail,
}

/// Who asserts an observation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Asserter {
    /// The monitoring mission itself.
    Monitor,
    /// A party to the agreement, by its code.
    Party(Name),
    /// Anyone else.
    Third,
}

/// Kinds of observation (DESIGN, "Observation").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A sensor heard a bang.
    Impulse,
    /// A direction without a position.
    Bearing,
    /// A position of an aircraft at a moment.
    AirTrackPoint,
    /// Heat seen from space.
    ThermalAnomaly,
    /// A report of an event by a person or the media.
    ReportedEvent,
    /// Weapons or forces seen.
    Sighting,
    /// Who holds which ground.
    Control,
    /// An air-raid or other alert.
    Alert,
    /// The monitor was hindered: access denied, jamming, a blinded camera.
    Obstruction,
    /// A sensor's heartbeat or failure.
    SensorStatus,
    /// A planned or permitted act was announced.
    Notice,
    /// What a party says about the other's or its own conduct.
    Claim,
}

impl Kind {
    /// All kinds with their names in files.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("impulse", Self::Impulse),
        ("bearing", Self::Bearing),
        ("air-track-point", Self::AirTrackPoint),
        ("thermal-anomaly", Self::ThermalAnomaly),
        ("reported-event", Self::ReportedEvent),
        ("sighting", Self::Sighting),
        ("control", Self::Control),
        ("alert", Self::Alert),
        ("obstruction", Self::Obstruction),
        ("sensor-status", Self::SensorStatus),
        ("notice", Self::Notice),
        ("claim", Self::Claim),
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// What was done. "Undetermined" stands at every level: `Fire` is fire of an undetermined sort.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Act {
    /// The observation does not tell.
    Undetermined,
    /// Use of weapons, of an undetermined sort.
    Fire,
    /// Shells, rockets or mortar bombs from the ground.
    Shelling,
    /// Rifles, machine guns, snipers.
    SmallArms,
    /// Bombs or missiles from aircraft.
    AirStrike,
    /// Cruise or ballistic missiles.
    MissileStrike,
    /// An attack by an unmanned aircraft.
    DroneAttack,
    /// An attack by troops on the ground.
    Assault,
    /// Fire at aircraft or missiles.
    AirDefence,
    /// Ground changed hands.
    Advance,
    /// An aircraft, manned or not, flew.
    Flight,
    /// Forces or weapons stood or moved.
    Presence,
    /// Mines, trenches, works.
    Works,
    /// A launch of long-range weapons (before it is known what they hit).
    Launch,
    /// An alert was given.
    Alert,
    /// The monitor was hindered.
    Obstruction,
    /// No act of war: an ordinary event that a source reports.
    Ordinary,
}

impl Act {
    /// All acts with their names in files.
    pub const NAMES: [(&'static str, Self); 17] = [
        ("undetermined", Self::Undetermined),
        ("fire", Self::Fire),
        ("shelling", Self::Shelling),
        ("small-arms", Self::SmallArms),
        ("air-strike", Self::AirStrike),
        ("missile-strike", Self::MissileStrike),
        ("drone-attack", Self::DroneAttack),
        ("assault", Self::Assault),
        ("air-defence", Self::AirDefence),
        ("advance", Self::Advance),
        ("flight", Self::Flight),
        ("presence", Self::Presence),
        ("works", Self::Works),
        ("launch", Self::Launch),
        ("alert", Self::Alert),
        ("obstruction", Self::Obstruction),
        ("ordinary", Self::Ordinary),
    ];

    /// The wider act that this one is a sort of.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Shelling
            | Self::SmallArms
            | Self::AirStrike
            | Self::MissileStrike
            | Self::DroneAttack
            | Self::Assault
            | Self::AirDefence => Some(Self::Fire),
            Self::Fire
            | Self::Advance
            | Self::Flight
            | Self::Presence
            | Self::Works
            | Self::Launch
            | Self::Alert
            | Self::Obstruction
            | Self::Ordinary => Some(Self::Undetermined),
            Self::Undetermined => None,
        }
    }
}

/// A class of weapon, coarse to fine; every level may be the last that is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weapon {
    /// Not known.
    Undetermined,
    /// Rifles and machine guns.
    SmallArms,
    /// Guns, mortars, rockets: not known which.
    Artillery,
    /// Guns and howitzers.
    Gun,
    /// Mortars.
    Mortar,
    /// Multiple-launch rocket systems.
    RocketLauncher,
    /// Tanks and armoured vehicles.
    Armour,
    /// Unmanned aircraft: not known which.
    Uav,
    /// Unmanned aircraft for long-range attack.
    UavLongRange,
    /// Small unmanned aircraft for short-range attack.
    UavShortRange,
    /// Unmanned aircraft that observe.
    UavReconnaissance,
    /// Bombs from aircraft.
    AirBomb,
    /// Missiles: not known which.
    Missile,
    /// Ballistic missiles.
    BallisticMissile,
    /// Cruise missiles.
    CruiseMissile,
    /// Mines and improvised charges.
    Mine,
}

impl Weapon {
    /// All classes with their names in files.
    pub const NAMES: [(&'static str, Self); 16] = [
        ("undetermined", Self::Undetermined),
        ("small-arms", Self::SmallArms),
        ("artillery", Self::Artillery),
        ("gun", Self::Gun),
        ("mortar", Self::Mortar),
        ("rocket-launcher", Self::RocketLauncher),
        ("armour", Self::Armour),
        ("uav", Self::Uav),
        ("uav-long-range", Self::UavLongRange),
        ("uav-short-range", Self::UavShortRange),
        ("uav-reconnaissance", Self::UavReconnaissance),
        ("air-bomb", Self::AirBomb),
        ("missile", Self::Missile),
        ("ballistic-missile", Self::BallisticMissile),
        ("cruise-missile", Self::CruiseMissile),
        ("mine", Self::Mine),
    ];

    /// The wider class that this one belongs to.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Gun | Self::Mortar | Self::RocketLauncher => Some(Self::Artillery),
            Self::UavLongRange | Self::UavShortRange | Self::UavReconnaissance => Some(Self::Uav),
            Self::BallisticMissile | Self::CruiseMissile => Some(Self::Missile),
            Self::Undetermined => None,
            _ => Some(Self::Undetermined),
        }
    }
}

/// What was hit or aimed at, coarse to fine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Target {
    /// Not known.
    Undetermined,
    /// Troops, weapons, military sites.
    Military,
    /// Homes, hospitals, roads: civilian, and not energy.
    Civilian,
    /// Energy: not known which sort.
    Energy,
    /// Refineries.
    Refinery,
    /// Oil and gas pipelines, storage, pumping stations.
    OilGasTransport,
    /// Power plants, substations, transformers, distribution.
    Electricity,
    /// Nuclear power plants.
    Nuclear,
    /// Dams of hydropower plants.
    Hydro,
}

impl Target {
    /// All targets with their names in files.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("undetermined", Self::Undetermined),
        ("military", Self::Military),
        ("civilian", Self::Civilian),
        ("energy", Self::Energy),
        ("refinery", Self::Refinery),
        ("oil-gas-transport", Self::OilGasTransport),
        ("electricity", Self::Electricity),
        ("nuclear", Self::Nuclear),
        ("hydro", Self::Hydro),
    ];

    /// The wider class that this one belongs to.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Refinery | Self::OilGasTransport | Self::Electricity | Self::Nuclear | Self::Hydro => {
                Some(Self::Energy)
            }
            Self::Military | Self::Civilian | Self::Energy => Some(Self::Undetermined),
            Self::Undetermined => None,
        }
    }
}

/// Membership in a tree of classes, in three values: an undetermined class may or may not belong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Belongs {
    /// It is of the class.
    Yes,
    /// It is not.
    No,
    /// What is known is too coarse to tell.
    Unknown,
}

macro_rules! class_tree {
    ($class:ty) => {
        impl $class {
            /// Is this a sort of `class`?
            pub fn belongs(self, class: Self) -> Belongs {
                let within = |mut fine: Self, coarse: Self| loop {
                    if fine == coarse {
                        return true;
                    }
                    match fine.parent() {
                        Some(parent) => fine = parent,
                        None => return false,
                    }
                };
                if within(self, class) {
                    Belongs::Yes
                } else if within(class, self) {
                    Belongs::Unknown
                } else {
                    Belongs::No
                }
            }

            /// The name in files.
            pub fn name(self) -> &'static str {
                Self::NAMES.iter().find(|(_, class)| *class == self).map_or("undetermined", |(name, _)| name)
            }

            /// The class of a name in a file.
            pub fn parse(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
            }
        }
    };
}
class_tree!(Act);
class_tree!(Weapon);
class_tree!(Target);

/// How many, as the source puts it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Count {
    /// Not said.
    Unstated,
    /// So many.
    Exactly(u32),
    /// About so many.
    About(u32),
    /// So many or more.
    AtLeast(u32),
}

/// NATO/Admiralty rating: the source and the information, kept apart. (STANAG 2511 as summarised in
/// <https://en.wikipedia.org/wiki/Admiralty_code>.)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Rating {
    /// Reliability of the source: `b'A'` (completely reliable) to `b'F'` (cannot be judged).
    pub source: u8,
    /// Credibility of the information: 1 (confirmed) to 6 (cannot be judged).
    pub information: u8,
}

impl Rating {
    /// "F6": neither can be judged. What a source gets that nobody has rated.
    pub const UNRATED: Self = Self { source: b'F', information: 6 };

    /// Such as `B2`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [source @ b'A'..=b'F', information @ b'1'..=b'6'] => {
                Some(Self { source: *source, information: information - b'0' })
            }
            _ => None,
        }
    }
}

/// What only one kind of observation has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Nothing more.
    None,
    /// The report sums up a day, a front or a series of clips: it speaks of no event of its own.
    Digest,
    /// Launches and shoot-downs by attack, as a party tabulates them.
    Launches {
        /// Launched, as stated.
        launched: Option<u32>,
        /// Shot down, as stated.
        destroyed: Option<u32>,
    },
    /// A heat anomaly seen from space.
    Thermal {
        /// Fire radiative power in kilowatts.
        power_kw: Option<u32>,
        /// The instrument's own confidence in percent, or the middle of its class.
        confidence: Option<u8>,
    },
    /// A day's total of heat anomalies over an area, with what hid them.
    ThermalDay {
        /// All fires counted.
        fires: u32,
        /// Fires that a model takes for war-related.
        war_fires: u32,
        /// Mean cloud cover over the area, permille.
        cloud_permille: u16,
    },
    /// The heartbeat or failure of a sensor.
    Status {
        /// Name of the sensor: never published.
        sensor: Name,
        /// Working?
        up: bool,
        /// How far it can tell, in millimetres.
        range: Mm,
    },
    /// A notice of a planned act, by which it is permitted.
    Notice {
        /// Who gave it.
        party: Name,
    },
    /// A claim.
    Claim(Box<Claim>),
    /// A bang as one node heard it.
    Heard(Box<Heard>),
    /// What one sensor measured of an aircraft.
    Measured(Box<Measured>),
    /// Where a sensor stands and what it is, from the observation's time on.
    Instrument(Box<Instrument>),
    /// A sensor's heartbeat, which does not say where the sensor stands: its [`Self::Instrument`] does.
    Beat {
        /// Name of the sensor: never published.
        sensor: Name,
        /// How it was.
        state: State,
    },
    /// A sensor worked, and heard or saw so much that what it left out means nothing: neither quiet nor blind.
    Saturated {
        /// Name of the sensor: never published.
        sensor: Name,
        /// How far it can tell otherwise, in millimetres.
        range: Mm,
    },
    /// Worked out from other observations.
    Derived(Box<Derived>),
}
