//! Rhythm, mirrors, the log of logs, and the access log.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::{Fate, SimulatedDisk};
use common::*;
use record::access::Access;
use record::audit::Depth;
use record::clock::{Clock, SetClock};
use record::entropy::MadeUp;
use record::mirror::{Mirror, Pulled, TileSource, merge};
use record::rhythm::{Beat, Rhythm, import};
use record::storage::Storage;
use record::vault::Opened;
use record::{Audience, Entry, Error, Keys, Options, Reader, Record, Signer};
use std::cell::RefCell;
use std::sync::Arc;
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Token, Value};
use verify::key::SourceKey;
use verify::leaf::{Kind, Leaf, Statement};

const MINUTE: i64 = 60_000_000;

/// Says what waited, or a heartbeat.
fn voice(random: &MadeUp) -> impl FnMut(&mut Signer, Option<&[u8]>) -> Result<Entry, Error> + '_ {
    |signer, said| {
        let statement = match said {
            None => Statement::new(Kind::Heartbeat, vec![]),
            Some(bytes) => {
                let number = i64::from_be_bytes(bytes.try_into().unwrap());
                Statement::new(Kind::Observation, vec![Field::new("number", Value::int(number)).unwrap()])
            }
        };
        signer.sign(statement, &[Audience::all(&["monitor"])], &[], random)
    }
}

fn rhythm(record: &Arc<Record>, disk: &SimulatedDisk, leaves: usize, sources: u8, draw: u8) -> Rhythm {
    let signers = (1..=sources).map(|number| enrol(record, number)).collect();
    let beat = Beat { every: MINUTE, leaves };
    let random = Arc::new(MadeUp::from_seed([draw; 32]));
    Rhythm::open(record.clone(), Arc::new(disk.clone()), random, [77; 32], beat, signers).unwrap()
}

/// The numbers said in a record, in order; heartbeats as none.
fn said(record: &Record) -> Vec<Option<i64>> {
    let opened = |leaf| {
        let opened = record.open_leaf(leaf, &monitor()).unwrap();
        let Opened::Bytes { bytes, .. } = &opened[0] else { panic!("{opened:?}") };
        let openings = verify::field::Openings::decode(bytes).unwrap();
        (openings.value("kind").unwrap().as_token() != Some("key-change"))
            .then(|| openings.value("number").map(|value| value.as_int().unwrap()))
    };
    (0..record.len()).filter_map(opened).collect()
}

/// All that the public log shows of an hour: at each beat, the lengths of the leaves, whose they are, their sequence,
/// and the size of the head with its time.
fn hour(busy: bool) -> (Vec<String>, usize) {
    let disk = SimulatedDisk::new();
    let clock = Arc::new(SetClock::at(NOW));
    let record = Arc::new(init(disk.clone(), &clock));
    let random = MadeUp::from_seed([if busy { 30 } else { 31 }; 32]);
    let mut rhythm = rhythm(&record, &disk, 4, 3, 40);
    let pseudonyms: Vec<_> = (1..4).map(|number| source_key(number).pseudonym()).collect();
    let mut seen = vec![];
    let mut known: Vec<[u8; 32]> = vec![];
    for minute in 0..60i64 {
        if busy {
            // One source alone says seven things a minute: more than its four.
            (0..7i64).for_each(|n| rhythm.say(&pseudonyms[1], &(minute * 7 + n).to_be_bytes()).unwrap());
        }
        clock.set(rhythm.next(clock.now()));
        let first = rhythm.beat(&mut voice(&random)).unwrap();
        let head = Checkpoint::of_note(&record.checkpoint().unwrap()).unwrap();
        for leaf in record.leaves(first..head.size).unwrap() {
            let parsed = Leaf::parse(&leaf).unwrap();
            let who = known.iter().position(|known| *known == parsed.pseudonym).unwrap_or_else(|| {
                known.push(parsed.pseudonym);
                known.len() - 1
            });
            seen.push(format!("{} {} {who} {}", clock.now(), leaf.len(), parsed.sequence));
        }
        seen.push(format!("head of {}", head.size));
    }
    (seen, rhythm.waiting())
}

#[test]
fn a_busy_and_a_quiet_hour_look_alike() {
    let (busy, waits) = hour(true);
    let (quiet, _) = hour(false);
    assert_eq!(busy, quiet);
    assert_eq!(waits, 60 * 3, "what is too much waits");
}

/// Numbers that are not found by chance among other bytes.
const BASE: i64 = 0x4142_4344_4546_4700;

#[test]
fn the_queue_says_everything_once_whenever_the_power_goes() {
    let disk = SimulatedDisk::new();
    let clock = Arc::new(SetClock::at(NOW));
    let random = MadeUp::from_seed([30; 32]);
    {
        let record = Arc::new(init(disk.clone(), &clock));
        let mut rhythm = rhythm(&record, &disk, 2, 1, 40);
        let source = source_key(1).pseudonym();
        for number in 0..9i64 {
            rhythm.say(&source, &(BASE + number).to_be_bytes()).unwrap();
            disk.mark(number as u64 + 1);
            if number % 3 == 1 {
                rhythm.beat(&mut voice(&random)).unwrap();
            }
        }
    }
    for prefix in (0..=disk.ops()).step_by(3) {
        let queued = disk.marked(prefix).unwrap_or(0) as i64;
        for fate in [Fate::Lost, Fate::Kept, Fate::Random(prefix as u64)] {
            let left = disk.after_power_cut(prefix, fate);
            if left.length("record").unwrap().is_none() {
                continue;
            }
            let record = Arc::new(Record::open_on(Arc::new(left.clone()), options(&clock, 60)).unwrap());
            let mut rhythm = rhythm(&record, &left, 2, 1, 61);
            for _ in 0..6 {
                rhythm.beat(&mut voice(&random)).unwrap();
            }
            let numbers: Vec<i64> = said(&record).into_iter().flatten().map(|number| number - BASE).collect();
            assert_eq!(numbers, (0..numbers.len() as i64).collect::<Vec<_>>(), "after {prefix}, {fate:?}");
            assert!(
                numbers.len() as i64 >= queued,
                "after {prefix}, {fate:?}: {queued} were queued, {numbers:?} said"
            );
        }
    }
    let queued = disk
        .names()
        .into_iter()
        .find(|name| name.starts_with("queue/") && !name.ends_with("intent"))
        .unwrap();
    let bytes = disk.read(&queued).unwrap();
    assert!(
        !bytes.windows(8).any(|window| window == (BASE + 8).to_be_bytes()),
        "the queue is encrypted at rest"
    );
}

/// A queue that is damaged where an answer was given is not gone on with; what cannot be told from a piece is kept.
#[test]
fn a_damaged_queue_is_told() {
    let clock = Arc::new(SetClock::at(NOW));
    let queued = |at: usize| {
        let disk = SimulatedDisk::new();
        let record = Arc::new(init(disk.clone(), &clock));
        let mut said = rhythm(&record, &disk, 2, 1, 40);
        for number in 0..4_i64 {
            said.say(&source_key(1).pseudonym(), &(BASE + number).to_be_bytes()).unwrap();
        }
        record.checkpoint().unwrap();
        let file = disk.names().into_iter().find(|name| name.starts_with("queue/")).unwrap();
        let bytes = disk.read(&file).unwrap();
        let each = bytes.len() / 4;
        disk.flip(&file, at * each + 50, 3);
        let audit = record.reader().audit(Depth::Everything);
        (disk, record, bytes[3 * each..].to_vec(), audit)
    };
    // The last: whoever handed it in may have been answered, or not.
    let (disk, record, last, audit) = queued(3);
    assert_eq!(audit.unwrap().torn_queues, 1);
    let going = rhythm(&record, &disk, 2, 1, 41);
    assert_eq!(going.waiting(), 3);
    let kept = going.cut().next().unwrap();
    let piece = disk.read(kept).unwrap();
    assert_eq!(piece.len(), last.len());
    assert_eq!(piece.iter().zip(&last).filter(|(a, b)| a != b).count(), 1);
    let audit = record.reader().audit(Depth::Everything).unwrap();
    assert_eq!((audit.torn_queues, audit.damaged), (0, 1));
    // One before it was answered for: nothing is said past it.
    let (disk, record, _, audit) = queued(1);
    assert!(audit.unwrap_err().to_string().contains("item 1 of the queue does not check"));
    let source = Signer::new(source_key(1));
    let beat = Beat { every: 60_000_000, leaves: 2 };
    let disk: Arc<dyn record::storage::Storage> = Arc::new(disk);
    let random = Arc::new(MadeUp::from_seed([42; 32]));
    let refused = Rhythm::open(record, disk, random, [50; 32], beat, vec![source]);
    assert!(refused.err().unwrap().to_string().contains("item 1 of the queue does not check"));
}

/// What a beat is about to say is written twice, for no copy of it is kept anywhere: one flipped bit stops nothing, and has
/// nothing said twice.
#[test]
fn a_flipped_bit_in_what_a_beat_was_to_say_stops_nothing() {
    let clock = Arc::new(SetClock::at(NOW));
    let disk = SimulatedDisk::new();
    let record = Arc::new(init(disk.clone(), &clock));
    let random = MadeUp::from_seed([30; 32]);
    let mut first = rhythm(&record, &disk, 2, 1, 40);
    for number in 0..5_i64 {
        first.say(&source_key(1).pseudonym(), &(BASE + number).to_be_bytes()).unwrap();
    }
    first.beat(&mut voice(&random)).unwrap();
    drop(first);
    drop(record);
    const INTENT: &str = "queue/intent";
    let length = disk.read(INTENT).unwrap().len();
    let whole = disk.after_power_cut(disk.ops(), common::disk::Fate::Kept);
    let open = |disk: &SimulatedDisk, draw: u8| {
        let record = Arc::new(Record::open_on(Arc::new(disk.clone()), options(&clock, 60)).unwrap());
        record.checkpoint().unwrap();
        let beat = Beat { every: MINUTE, leaves: 2 };
        let made_up = Arc::new(MadeUp::from_seed([draw; 32]));
        let signers = vec![enrol(&record, 1)];
        let rhythm = Rhythm::open(record.clone(), Arc::new(disk.clone()), made_up, [77; 32], beat, signers);
        (record, rhythm)
    };
    for byte in 0..length {
        let disk = whole.after_power_cut(0, common::disk::Fate::Kept);
        disk.flip(INTENT, byte, 3);
        let (record, rhythm) = open(&disk, 41);
        assert_eq!(rhythm.unwrap().waiting(), 3, "byte {byte}");
        record.reader().audit(Depth::Everything).unwrap();
    }
    // Both copies: then it is said what to do.
    whole.flip(INTENT, 20, 3);
    whole.flip(INTENT, length / 2 + 20, 3);
    let (_, refused) = open(&whole, 41);
    let error = refused.err().unwrap().to_string();
    assert!(error.contains("Lay it aside and start again"), "{error}");
}

#[test]
fn an_import_in_bulk_says_so() {
    let record = init(SimulatedDisk::new(), &clock());
    let mut source = enrol(&record, 1);
    let random = MadeUp::from_seed([5; 32]);
    let batches: Vec<Vec<_>> =
        (0..3).map(|b| (0..50).map(|n| entry(&mut source, b * 50 + n, &random)).collect()).collect();
    let range = import(&record, &Token::new("archive-2025").unwrap(), batches).unwrap();
    assert_eq!(range, 1..153);
    for (leaf, state) in [(1, "begin"), (152, "end")] {
        let opened = record.open_leaf(leaf, &liaison()).unwrap();
        let Opened::Bytes { bytes, .. } = &opened[0] else { panic!() };
        let openings = verify::field::Openings::decode(bytes).unwrap();
        assert_eq!(openings.value("import.name").unwrap().as_token(), Some("archive-2025"));
        assert_eq!(openings.value("import.state").unwrap().as_token(), Some(state));
    }
}

/// A log's folder as a road; `lie` changes a file, `cut` lets only so many files through.
struct Road<'a> {
    disk: &'a SimulatedDisk,
    lie: Option<&'a str>,
    left: RefCell<usize>,
    fetched: RefCell<Vec<String>>,
}

fn road(disk: &SimulatedDisk) -> Road<'_> {
    Road { disk, lie: None, left: RefCell::new(usize::MAX), fetched: RefCell::default() }
}

impl TileSource for Road<'_> {
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let left = self.left.borrow().checked_sub(1).ok_or("the road is cut")?;
        *self.left.borrow_mut() = left;
        self.fetched.borrow_mut().push(path.to_owned());
        let mut bytes = match self.disk.read(path) {
            Ok(bytes) => bytes,
            Err(_) => return Ok(None),
        };
        if self.lie == Some(path) {
            bytes[100] ^= 1;
        }
        Ok(Some(bytes))
    }
}

#[test]
fn a_mirror_follows_resumes_and_refuses_two_histories_with_the_heads() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    let grow = |record: &Record, source: &mut Signer, leaves: i64| {
        record.append((0..leaves).map(|n| entry(source, n, &random)).collect()).unwrap();
        record.checkpoint().unwrap()
    };
    let kept = SimulatedDisk::new();
    let mirror = Mirror::new(Arc::new(kept.clone()), verifiers());
    grow(&record, &mut source, 300);
    let fork = disk.after_power_cut(disk.ops(), Fate::Kept);
    assert_eq!(mirror.pull(&road(&disk)).unwrap(), Pulled::Grown { from: 0, to: 301 });
    assert_eq!(mirror.pull(&road(&disk)).unwrap(), Pulled::Same);
    assert_eq!(mirror.audit().unwrap(), 301);

    // A road that breaks: what was fetched is not fetched again, and nothing half is held.
    (0..4).for_each(|_| _ = grow(&record, &mut source, 250));
    let cut = road(&disk);
    *cut.left.borrow_mut() = 3;
    assert!(mirror.pull(&cut).is_err());
    assert_eq!(mirror.held().unwrap().unwrap().1.size, 301);
    let again = road(&disk);
    assert_eq!(mirror.pull(&again).unwrap(), Pulled::Grown { from: 301, to: 1301 });
    let first: Vec<_> = cut.fetched.borrow().iter().filter(|path| *path != "checkpoint").cloned().collect();
    assert!(first.len() == 2 && again.fetched.borrow().iter().all(|path| !first.contains(path)));
    assert_eq!(mirror.audit().unwrap(), 1301);

    // A changed entry on the way is refused, and a good pull after it succeeds.
    let head = grow(&record, &mut source, 10);
    let bundle = "tile/entries/005.p/31";
    assert!(disk.length(bundle).unwrap().is_some(), "{:?}", disk.names());
    let lying = Road { lie: Some(bundle), ..road(&disk) };
    let Pulled::Refused(evidence) = mirror.pull(&lying).unwrap() else { panic!() };
    assert_eq!(evidence.shown, head);
    assert_eq!(mirror.audit().unwrap(), 1301);
    assert_eq!(mirror.pull(&road(&disk)).unwrap(), Pulled::Grown { from: 1301, to: 1311 });

    // Another history, signed with the log's keys: shorter, as long and longer than what is held.
    let forked = Record::open_on(Arc::new(fork.clone()), options(&clock(), 51)).unwrap();
    let mut other = Signer::resume(source_key(1), forked.last_of(&source.pseudonym()));
    assert_eq!(mirror.pull(&road(&fork)).unwrap(), Pulled::Older);
    for leaves in [500, 510, 500] {
        let shown = grow(&forked, &mut other, leaves);
        let Pulled::Refused(evidence) = mirror.pull(&road(&fork)).unwrap() else { panic!("{leaves}") };
        assert_eq!((evidence.held.as_ref(), &evidence.shown), (Some(&head), &shown));
    }
    assert_eq!(mirror.audit().unwrap(), 1311);
    assert_eq!(kept.list("evidence").unwrap().len(), 4);
}

#[test]
fn a_mirror_holds_what_it_said_whenever_the_power_goes() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    let kept = SimulatedDisk::new();
    let mirror = Mirror::new(Arc::new(kept.clone()), verifiers());
    for leaves in [100, 200, 30] {
        record.append((0..leaves).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
        record.checkpoint().unwrap();
        mirror.pull(&road(&disk)).unwrap();
        kept.mark(record.len());
    }
    for prefix in 0..=kept.ops() {
        for fate in [Fate::Lost, Fate::Random(prefix as u64)] {
            let left = kept.after_power_cut(prefix, fate);
            let mirror = Mirror::new(Arc::new(left), verifiers());
            let held = mirror.audit().unwrap();
            assert!(held >= kept.marked(prefix).unwrap_or(0), "after {prefix}, {fate:?}");
            mirror.pull(&road(&disk)).unwrap();
            assert_eq!(mirror.audit().unwrap(), record.len(), "after {prefix}, {fate:?}");
        }
    }
}

#[test]
fn a_hub_cut_off_for_thirty_days_merges_as_a_log_of_logs() {
    const DAY: i64 = 86_400_000_000;
    let clock = clock();
    // The hub: its own keys, a head every day, and nobody to reach.
    let hub_keys = || Keys::from_seeds("example.org/hub-east", &[21; 32], &[22; 32]).unwrap();
    let hub_disk = SimulatedDisk::new();
    let mut hub_options = Options::new(hub_keys(), SourceKey::from_seed(&[23; 32]));
    hub_options.roles = roles();
    hub_options.clock = clock.clone();
    hub_options.segment = 256;
    let hub = Record::init_on(Arc::new(hub_disk.clone()), hub_options).unwrap();
    let headquarters = init(SimulatedDisk::new(), &clock);
    let mirror = Mirror::new(Arc::new(SimulatedDisk::new()), hub_keys().verifiers());
    let mut source = enrol(&hub, 1);
    let random = MadeUp::from_seed([5; 32]);
    // A record has a head from its first moment on, of no leaves.
    assert_eq!(mirror.pull(&road(&hub_disk)).unwrap(), Pulled::Grown { from: 0, to: 0 });
    for day in 1..=30 {
        clock.set(NOW + day * DAY);
        hub.append((0..24).map(|n| entry(&mut source, day * 24 + n, &random)).collect()).unwrap();
        hub.checkpoint().unwrap();
    }
    // The road is open again.
    assert_eq!(mirror.pull(&road(&hub_disk)).unwrap(), Pulled::Grown { from: 0, to: 721 });
    let index = merge(&headquarters, &mirror).unwrap();
    headquarters.checkpoint().unwrap();
    headquarters.prove(index).unwrap();
    let opened = headquarters.open_leaf(index, &monitor()).unwrap();
    let Opened::Bytes { bytes, .. } = &opened[0] else { panic!() };
    let head = verify::note::Note::parse(bytes).unwrap();
    let merged = Checkpoint::open(&head, &hub_keys().verifiers()[0]).unwrap();
    assert_eq!(merged.size, 721);
    // Any leaf of the hub is proved under the head that headquarters' log holds.
    let reader = Reader::over(Arc::new(hub_disk), hub_keys().verifiers());
    let proof = reader.prove(400).unwrap();
    let leaf = verify::merkle::leaf_hash(&reader.leaves(400..401).unwrap()[0]);
    verify::merkle::verify_inclusion(&leaf, 400, merged.size, &proof.path, &merged.root).unwrap();
    // A hub that comes back with another history is refused.
    assert_eq!(mirror.audit().unwrap(), 721);
}

#[test]
fn who_reads_is_logged_before_anything_is_shown() {
    let clock = clock();
    let record = init(SimulatedDisk::new(), &clock);
    let mut source = enrol(&record, 1);
    record.append(vec![entry(&mut source, 1, &MadeUp::from_seed([5; 32]))]).unwrap();
    let disk = SimulatedDisk::new();
    let mut options = Options::new(
        Keys::from_seeds("example.org/hub-access", &[31; 32], &[32; 32]).unwrap(),
        SourceKey::from_seed(&[33; 32]),
    );
    options.roles = roles();
    let access = Access::new(Record::init_on(Arc::new(disk.clone()), options).unwrap());
    let word = |word: &str| Token::new(word).unwrap();
    let (opened, logged) = access.read(&record, 1, &monitor(), &word("m-17"), &word("case-12")).unwrap();
    assert!(matches!(opened[0], Opened::Bytes { .. }));
    let entry = access.log().open_leaf(logged, &liaison()).unwrap();
    let Opened::Bytes { bytes, .. } = &entry[0] else { panic!() };
    let openings = verify::field::Openings::decode(bytes).unwrap();
    assert_eq!(openings.value("access.leaves").unwrap().as_ints(), Some(vec![1, 2]));
    assert_eq!(openings.value("access.who").unwrap().as_token(), Some("m-17"));
    // When the access log cannot write, nothing is shown.
    disk.fail(disk.count() + 1, common::disk::Fault::Full);
    assert!(access.read(&record, 1, &monitor(), &word("m-17"), &word("case-12")).is_err());
    let audit = access.log().reader().audit(Depth::Hashes).unwrap();
    assert_eq!((audit.size, audit.pending), (0, 1), "what was logged before is there");
}
