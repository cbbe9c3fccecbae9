//! What one source said.

use crate::claim::Claim;
use crate::place::{Mm, Place};
use crate::sensing::{Derived, Heard, Instrument, Measured, State};
use crate::time::{Micros, Span};
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
    /// What only some observations tell; most tell none of it.
    pub particulars: Option<Box<Particulars>>,
    /// What only this kind has.
    pub detail: Detail,
}

impl Observation {
    /// An observation that says no more than this: by a third, unrated, its source a group of its own.
    #[must_use]
    pub fn bare(id: Id, source: impl Into<Name>, kind: Kind, time: Span, place: Place) -> Self {
        let source = source.into();
        Self {
            id,
            group: source.clone(),
            source,
            asserted_by: Asserter::Third,
            kind,
            time,
            place,
            act: Act::Undetermined,
            weapon: Weapon::Undetermined,
            target: Target::Undetermined,
            count: Count::Unstated,
            origin: None,
            direction: None,
            rating: Rating::UNRATED,
            text_key: None,
            particulars: None,
            detail: Detail::None,
        }
    }

    /// What only some observations tell, or nothing at all.
    pub fn particulars(&self) -> &Particulars {
        self.particulars.as_deref().unwrap_or(&Particulars::NONE)
    }
}

/// What some clauses ask and only some observations tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Particulars {
    /// The weapon system by its name, such as `D-30`.
    pub system: Option<Name>,
    /// Calibre in hundredths of a millimetre.
    pub calibre: Option<u32>,
    /// Whose people.
    pub force: Force,
    /// Killed and injured together; `Exactly(0)` where the source says that there were none.
    pub casualties: Count,
    /// How long it lasted, where the source says so: [`Observation::time`] only holds it.
    pub lasted: Option<Micros>,
    /// What [`Observation::count`] counts, such as `trucks`.
    pub unit: Option<Name>,
    /// Which ship, vehicle or facility.
    pub object: Option<Object>,
}

impl Particulars {
    /// Nothing of all this.
    pub const NONE: Self = Self {
        system: None,
        calibre: None,
        force: Force::Undetermined,
        casualties: Count::Unstated,
        lasted: None,
        unit: None,
        object: None,
    };

    /// For an observation; `None` where it tells nothing.
    pub fn boxed(self) -> Option<Box<Self>> {
        (self != Self::NONE).then(|| Box::new(self))
    }
}

/// A thing with a name of its own, such as `ship:Razoni`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Object {
    /// What it is, as agreements call it: `ship`.
    pub class: Name,
    /// Its name.
    pub name: Name,
}

impl Object {
    /// From `class:name`.
    pub fn parse(text: &str) -> Option<Self> {
        let (class, name) = text.split_once(':')?;
        let (class, name) = (class.trim(), name.trim());
        (!class.is_empty() && !name.is_empty()).then(|| Self { class: class.into(), name: name.into() })
    }
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
    /// Where a ship or another object that the terms speak of was: nothing happened there.
    Position,
    /// The monitor, or who speaks for a party, checked whether a commitment was kept.
    Verification,
    /// What a party says about the other's or its own conduct.
    Claim,
}

impl Kind {
    /// All kinds with their names in files.
    pub const NAMES: [(&'static str, Self); 14] = [
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
        ("position", Self::Position),
        ("verification", Self::Verification),
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
    /// Live fire that was assessed as an exercise.
    Exercise,
    /// Both sides fired at each other.
    ExchangeOfFire,
    /// Ground changed hands.
    Advance,
    /// Forces, weapons or people crossed a line or border.
    Crossing,
    /// An aircraft, manned or not, flew.
    Flight,
    /// Reconnaissance from the air.
    Reconnaissance,
    /// Forces or weapons stood or moved.
    Presence,
    /// Mines, trenches, works.
    Works,
    /// Mines were laid.
    MineLaying,
    /// Buildings or works were blown up or torn down.
    Demolition,
    /// Sabotage and raids behind the line.
    Sabotage,
    /// A launch of long-range weapons (before it is known what they hit).
    Launch,
    /// Light or a signal: no fire.
    Flare,
    /// An alert was given.
    Alert,
    /// The monitor was hindered.
    Obstruction,
    /// It was not let in or through.
    AccessDenied,
    /// Its radio, navigation or sensors were jammed.
    Jamming,
    /// A camera or another sensor was blinded.
    Blinding,
    /// Forces or weapons went back.
    Withdrawal,
    /// Aid or goods came in.
    Delivery,
    /// Captives were set free or handed over.
    Release,
    /// A ship, convoy or train stopped where no stop was planned.
    Stop,
    /// It left its course, or met another unplanned.
    Deviation,
    /// Mines were cleared.
    Demining,
    /// Something was repaired.
    Repair,
    /// The wounded or the dead were fetched.
    Medevac,
    /// An attack on computers or networks.
    CyberAttack,
    /// Words that incite or deceive.
    HostileSpeech,
    /// Fighters were recruited or trained.
    Recruitment,
    /// No act of war: an ordinary event that a source reports.
    Ordinary,
}

impl Act {
    /// All acts with their names in files.
    pub const NAMES: [(&'static str, Self); 39] = [
        ("undetermined", Self::Undetermined),
        ("fire", Self::Fire),
        ("shelling", Self::Shelling),
        ("small-arms", Self::SmallArms),
        ("air-strike", Self::AirStrike),
        ("missile-strike", Self::MissileStrike),
        ("drone-attack", Self::DroneAttack),
        ("assault", Self::Assault),
        ("air-defence", Self::AirDefence),
        ("exercise", Self::Exercise),
        ("exchange-of-fire", Self::ExchangeOfFire),
        ("advance", Self::Advance),
        ("crossing", Self::Crossing),
        ("flight", Self::Flight),
        ("reconnaissance", Self::Reconnaissance),
        ("presence", Self::Presence),
        ("works", Self::Works),
        ("mine-laying", Self::MineLaying),
        ("demolition", Self::Demolition),
        ("sabotage", Self::Sabotage),
        ("launch", Self::Launch),
        ("flare", Self::Flare),
        ("alert", Self::Alert),
        ("obstruction", Self::Obstruction),
        ("access-denied", Self::AccessDenied),
        ("jamming", Self::Jamming),
        ("blinding", Self::Blinding),
        ("withdrawal", Self::Withdrawal),
        ("delivery", Self::Delivery),
        ("release", Self::Release),
        ("stop", Self::Stop),
        ("deviation", Self::Deviation),
        ("demining", Self::Demining),
        ("repair", Self::Repair),
        ("medevac", Self::Medevac),
        ("cyber-attack", Self::CyberAttack),
        ("hostile-speech", Self::HostileSpeech),
        ("recruitment", Self::Recruitment),
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
            | Self::AirDefence
            | Self::Exercise
            | Self::ExchangeOfFire => Some(Self::Fire),
            Self::Reconnaissance => Some(Self::Flight),
            Self::MineLaying | Self::Demolition => Some(Self::Works),
            Self::AccessDenied | Self::Jamming | Self::Blinding => Some(Self::Obstruction),
            Self::Undetermined => None,
            _ => Some(Self::Undetermined),
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
    /// Rifles that fire single shots.
    Rifle,
    /// Pistols.
    Pistol,
    /// Rifles that fire bursts.
    AutomaticRifle,
    /// Machine guns.
    MachineGun,
    /// Guns, mortars, rockets: not known which.
    Artillery,
    /// Guns and howitzers.
    Gun,
    /// Mortars.
    Mortar,
    /// Multiple-launch rocket systems.
    RocketLauncher,
    /// Guided missiles and grenades against armour.
    AntiTankWeapon,
    /// Guns and missiles against aircraft.
    AirDefenceSystem,
    /// Tanks and armoured vehicles.
    Armour,
    /// Tanks.
    Tank,
    /// Other armoured vehicles.
    ArmouredVehicle,
    /// Aeroplanes and helicopters with people in them.
    Aircraft,
    /// Ships and boats.
    Ship,
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
    pub const NAMES: [(&'static str, Self); 26] = [
        ("undetermined", Self::Undetermined),
        ("small-arms", Self::SmallArms),
        ("rifle", Self::Rifle),
        ("pistol", Self::Pistol),
        ("automatic-rifle", Self::AutomaticRifle),
        ("machine-gun", Self::MachineGun),
        ("artillery", Self::Artillery),
        ("gun", Self::Gun),
        ("mortar", Self::Mortar),
        ("rocket-launcher", Self::RocketLauncher),
        ("anti-tank-weapon", Self::AntiTankWeapon),
        ("air-defence-system", Self::AirDefenceSystem),
        ("armour", Self::Armour),
        ("tank", Self::Tank),
        ("armoured-vehicle", Self::ArmouredVehicle),
        ("aircraft", Self::Aircraft),
        ("ship", Self::Ship),
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
            Self::Rifle | Self::Pistol | Self::AutomaticRifle | Self::MachineGun => Some(Self::SmallArms),
            Self::Tank | Self::ArmouredVehicle => Some(Self::Armour),
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
    /// Hospitals, ambulances.
    Medical,
    /// Schools.
    School,
    /// Homes.
    Residential,
    /// Water supply.
    Water,
    /// Ports.
    Port,
    /// Merchant and other civilian ships.
    MerchantShip,
    /// The monitor's people, vehicles and sensors.
    Monitor,
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
    pub const NAMES: [(&'static str, Self); 16] = [
        ("undetermined", Self::Undetermined),
        ("military", Self::Military),
        ("civilian", Self::Civilian),
        ("medical", Self::Medical),
        ("school", Self::School),
        ("residential", Self::Residential),
        ("water", Self::Water),
        ("port", Self::Port),
        ("merchant-ship", Self::MerchantShip),
        ("monitor", Self::Monitor),
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
            Self::Medical
            | Self::School
            | Self::Residential
            | Self::Water
            | Self::Port
            | Self::MerchantShip => Some(Self::Civilian),
            Self::Military | Self::Civilian | Self::Monitor | Self::Energy => Some(Self::Undetermined),
            Self::Undetermined => None,
        }
    }
}

/// Whose people acted: a tree of two levels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Force {
    /// Not known.
    Undetermined,
    /// Soldiers.
    ArmedForces,
    /// Civil police.
    Police,
    /// Border guards.
    BorderGuard,
    /// Armed people of no army.
    Irregular,
    /// People without arms and office.
    Civilian,
}

impl Force {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("undetermined", Self::Undetermined),
        ("armed-forces", Self::ArmedForces),
        ("police", Self::Police),
        ("border-guard", Self::BorderGuard),
        ("irregular", Self::Irregular),
        ("civilian", Self::Civilian),
    ];

    /// "Undetermined" stands above all others.
    pub fn parent(self) -> Option<Self> {
        (self != Self::Undetermined).then_some(Self::Undetermined)
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
class_tree!(Force);

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

    /// Is it one that the scale has?
    pub fn is_sound(self) -> bool {
        matches!((self.source, self.information), (b'A'..=b'F', 1..=6))
    }

    /// May something rest on a single statement so rated? From a source that is at least fairly reliable (A to C), and
    /// possible at least (1 to 3): neither doubtful nor improbable, nor unrated.
    pub fn stands(self) -> bool {
        matches!((self.source, self.information), (b'A'..=b'C', 1..=3))
    }

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
    /// A notice: of a planned act, an order, a call upon a mechanism. [`Observation::time`] is the window of the
    /// planned act, or the time of the notice itself.
    Notice {
        /// Who gave it.
        party: Name,
        /// More about it.
        notice: Box<Notice>,
    },
    /// Whether a commitment was kept; [`Observation::origin`] is the party whose commitment it is.
    Verification(Box<Verification>),
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
    /// What one instrument alone heard or measured, in a view that does not open [`Self::Heard`] or [`Self::Measured`].
    Detected,
}

impl Detail {
    /// Is it what one instrument alone heard or measured? No act yet: what many come to stands beside, as [`Self::Derived`].
    pub fn is_of_one_instrument(&self) -> bool {
        matches!(self, Self::Heard(_) | Self::Measured(_) | Self::Detected)
    }
}

/// What a notice says, and when it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Its sort.
    pub sort: NoticeSort,
    /// What the announced act is for.
    pub purpose: Option<Purpose>,
    /// The mechanism to which it was given, by its code.
    pub to: Option<Name>,
    /// When it was given; `None` where that is not said.
    pub given_at: Option<Span>,
    /// Was it given? `false` where it was established that it was not.
    pub given: bool,
    /// Was it without success? `None` where that is not said.
    pub failed: Option<bool>,
}

/// Sorts of notices.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoticeSort {
    /// A planned act is announced.
    PlannedAct,
    /// The leadership ordered it.
    Order,
    /// A mechanism was called upon.
    Call,
    /// Something was reported to a mechanism.
    Report,
    /// A plan was filed.
    Plan,
    /// An answer was given.
    Answer,
}

impl NoticeSort {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("planned-act", Self::PlannedAct),
        ("order", Self::Order),
        ("call", Self::Call),
        ("report", Self::Report),
        ("plan", Self::Plan),
        ("answer", Self::Answer),
    ];
}

/// What a planned act is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Purpose {
    /// A live-fire exercise.
    Exercise,
    /// Mines are cleared.
    Demining,
    /// Something is repaired.
    Repair,
    /// The wounded or the dead are fetched.
    Medevac,
    /// Troops relieve each other.
    Rotation,
    /// An inspection.
    Inspection,
    /// A ship or convoy passes.
    Passage,
}

impl Purpose {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("exercise", Self::Exercise),
        ("demining", Self::Demining),
        ("repair", Self::Repair),
        ("medevac", Self::Medevac),
        ("rotation", Self::Rotation),
        ("inspection", Self::Inspection),
        ("passage", Self::Passage),
    ];
}

/// What a check of a commitment found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verification {
    /// The clause.
    pub clause: Name,
    /// Its stage.
    pub stage: Option<Name>,
    /// A condition of an exception or permission.
    pub condition: Option<Name>,
    /// What was found.
    pub outcome: Checked,
}

/// What a check found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Checked {
    /// It was done, or is so.
    Done,
    /// It was not done, or is not so.
    NotDone,
    /// Some of it was done.
    Partly,
    /// It could not be seen: access was denied, or nothing was found.
    NotSeen,
}

impl Checked {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("done", Self::Done),
        ("not-done", Self::NotDone),
        ("partly", Self::Partly),
        ("not-seen", Self::NotSeen),
    ];
}
