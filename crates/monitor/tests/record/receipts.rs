//! What a source signed itself, over HTTP: entry, receipt, proof, and a signed refusal of whatever cheats.

use crate::common::{Ran, Served, copy, ok, root, scratch, text, truceline};
use monitor::record::parts;
use record::delivery::{self, MEDIA_TYPE};
use record::entropy::SystemEntropy;
use record::statement::{Encoded, Fields, File, Statement as Told, Words};
use record::vault::Part;
use record::{Entry, Signer};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use truce::mission::Told as Publication;
use truce::observation::{Asserter, Detail, Kind as What, Observation};
use truce::place::{Ellipse, Place, Point};
use truce::sensing::Derived;
use truce::time::{Span, Time, Zone};
use verify::field::{Field, Value};
use verify::key::SourceKey;
use verify::leaf::{Kind, Leaf, Statement};
use verify::note::{Note, VerifierKey};
use verify::receipt::{Outcome, Receipt};
use verify::{json, merkle};

const TOKEN: &str = "a-token-of-some-length";

/// A record that is served, and the key of a source enrolled in it.
struct Hub {
    dir: PathBuf,
    record: PathBuf,
    key: PathBuf,
    /// The mission's folder, in which sources speak with that key.
    mission: PathBuf,
}

/// Says in a mission file that all sources but the patrols speak with the key of `post-7`.
fn bind(mission: &Path) {
    let file = mission.join("mission.toml");
    let words = fs::read_to_string(&file).unwrap();
    let bound = words.replace("[[source]]\n", "[[source]]\nkey = \"post-7\"\n");
    let patrols = "[[source]]\nkey = \"post-7\"\nname = \"patrols\"";
    assert_eq!(bound.matches(patrols).count(), 1);
    fs::write(&file, bound.replace(patrols, "[[source]]\nname = \"patrols\"")).unwrap();
}

impl Hub {
    fn new(test: &str, quota: [&str; 2]) -> Self {
        let dir = scratch(test);
        let (record, key) = (dir.join("r"), dir.join("post.key"));
        ok(&["record", "init", text(&record), "--origin", "example.org/hub", "--alone"]);
        fs::write(dir.join("token"), TOKEN).unwrap();
        let hub = Self { mission: dir.join("mission"), dir, record, key };
        copy(&root().join("fixtures/made-up-truce/mission"), &hub.mission);
        bind(&hub.mission);
        let certificate = hub.certified("post-7", &hub.key);
        let [burst, per_minute] = quota;
        let bounds = ["--burst", burst, "--per-minute", per_minute];
        ok(&[&["record", "enrol", text(&hub.record), text(&certificate)][..], &bounds].concat());
        hub
    }

    /// A new key in that file, certified by the root key.
    fn certified(&self, name: &str, key: &Path) -> PathBuf {
        let public = ok(&["record", "source-key", text(key)]).out;
        let root = self.record.join("keys/root.key");
        let by = ["record", "certify", "--by", text(&root), "--source", name, public.trim()];
        let file = self.dir.join(format!("{name}.certificate"));
        fs::write(&file, ok(&by).out).unwrap();
        file
    }

    fn serve(&self) -> Served {
        self.serve_with(&["--interval", "100", "--mission", text(&self.mission)])
    }

    fn serve_with(&self, more: &[&str]) -> Served {
        let token = self.dir.join("token");
        Served::start(&[&["record", "serve", text(&self.record), "--token", text(&token)][..], more].concat())
    }

    fn log(&self) -> VerifierKey {
        let keys = fs::read_to_string(self.record.join("keys/log.pub")).unwrap();
        VerifierKey::parse(keys.lines().next().unwrap()).unwrap()
    }

    fn send(&self, observations: &Path, to: &str) -> Ran {
        let arguments = self.sending(observations, &self.mission, to);
        truceline(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn sending(&self, observations: &Path, mission: &Path, to: &str) -> Vec<String> {
        let (token, log) = (self.dir.join("token"), self.record.join("keys/log.pub"));
        let with = [
            ("--observations", text(observations)),
            ("--mission", text(mission)),
            ("--to", to),
            ("--key", text(&self.key)),
            ("--token", text(&token)),
            ("--log", text(&log)),
        ];
        let words =
            ["record", "send"].into_iter().chain(with.into_iter().flat_map(|(name, value)| [name, value]));
        words.map(str::to_string).collect()
    }

    /// Hands in bytes as a delivery; gives status, head and receipt, which the log must have signed.
    fn deliver(&self, served: &Served, bytes: &[u8]) -> (u16, String, Receipt) {
        let headers = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: {MEDIA_TYPE}\r\n");
        let (status, head, body) = served.post("/add", &headers, bytes);
        let note =
            Note::parse(&body).unwrap_or_else(|_| panic!("{status} {}", String::from_utf8_lossy(&body)));
        (status, head, Receipt::open(&note, &self.log()).unwrap())
    }
}

/// The files of the made-up story as if they were of 2025.
fn past(dir: &Path, files: &[&str]) -> PathBuf {
    let all = root().join("fixtures/made-up-truce/observations");
    let folder = dir.join("observations");
    fs::create_dir_all(&folder).unwrap();
    for file in files {
        let story = fs::read_to_string(all.join(file)).unwrap().replace("2031-", "2025-");
        fs::write(folder.join(file), story).unwrap();
    }
    folder
}

/// `truceline-verify`, built if this run of the tests has not.
fn truceline_verify(arguments: &[&str]) -> (i32, String) {
    let beside = Path::new(env!("CARGO_BIN_EXE_truceline")).with_file_name("truceline-verify");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "verify", "--bin", "truceline-verify"])
        .current_dir(root())
        .status()
        .unwrap();
    assert!(built.success());
    let output = Command::new(beside).args(arguments).output().unwrap();
    let words = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(words).unwrap())
}

/// Waits for a head over so many leaves.
fn head_over(served: &Served, size: u64) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let head = String::from_utf8(served.get("/checkpoint").2).unwrap();
        if head.lines().nth(1).unwrap().parse::<u64>().unwrap() >= size {
            return;
        }
        assert!(Instant::now() < until, "no head came: {head}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// From the entry to the proof, and `truceline-verify` says what each proves.
#[test]
fn a_source_gets_a_receipt_and_the_receipt_is_kept() {
    let hub = Hub::new("receipts", ["1000", "600"]);
    let observations = past(&hub.dir, &["acoustic.csv", "satellite.csv"]);
    // First the log is not there: what is signed waits.
    let ran = hub.send(&observations, "http://127.0.0.1:9");
    assert!(ran.code == 1 && ran.err.contains("127.0.0.1:9"), "{}", ran.err);
    let served = hub.serve();
    let ran = hub.send(&observations, &served.url);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("55 leaves were taken"), "{}", ran.out);
    // A second time there is nothing to say.
    assert!(hub.send(&observations, &served.url).out.contains("nothing is new"));

    let sent = PathBuf::from(format!("{}.sent", hub.key.display()));
    assert!(!sent.join("outbox").exists(), "what opens the leaves was forgotten");
    let receipt = sent.join("000000000000.receipt");
    let opened = Receipt::open(&Note::parse(&fs::read(&receipt).unwrap()).unwrap(), &hub.log()).unwrap();
    let Outcome::Appended { first, .. } = opened.outcome else { panic!("{opened:?}") };
    head_over(&served, first + 55);
    let (leaf, proof) = (sent.join("000000000009.leaf"), hub.dir.join("proof"));
    let number = (first + 9).to_string();
    ok(&["record", "prove", text(&hub.record), &number, "--out", text(&proof)]);
    let policy = hub.record.join("policy");
    let asked = ["receipt", "--policy", text(&policy), text(&receipt), "--leaf", text(&leaf)];
    let (code, said) = truceline_verify(&[&asked[..], &["--proof", text(&proof)]].concat());
    assert!(code == 0 && said.contains("was kept") && said.contains(&format!("at index {number}")), "{said}");
    let (code, said) = truceline_verify(&["proof", "--policy", text(&policy), text(&leaf), text(&proof)]);
    assert!(code == 0 && said.contains(&format!("leaf {number} of the log")), "{said}");
    // What the source said is read like anything else, by who may.
    drop(served);
    ok(&["record", "audit", text(&hub.record)]);
    let bag = hub.dir.join("bag");
    let out = ["export", "--record", text(&hub.record), "--out", text(&bag), "--for", "monitor"];
    ok(&[&out[..], &["--leaves", &number]].concat());
    let view = json::read(&fs::read(bag.join(format!("data/openings/{number}.json"))).unwrap()).unwrap();
    assert!(view.value("place.exact").is_some() && view.value("time.exact").is_some());
}

/// A source that hands in at the mission's rhythm shows the same number of leaves at each beat, whether it has much to say
/// or nothing; what it says meanwhile comes with a later beat.
#[test]
fn a_busy_and_a_quiet_source_look_alike() {
    let shown = |test: &str, files: &[&str]| {
        let hub = Hub::new(test, ["1000", "600"]);
        let observations = past(&hub.dir, &["press.csv"]);
        let empty = fs::read_to_string(observations.join("press.csv")).unwrap();
        fs::write(observations.join("press.csv"), empty.lines().next().unwrap()).unwrap();
        let mission = crate::keeping::mission(&hub.dir, "[record.rhythm]\nevery = \"1 s\"\nleaves = 4");
        bind(&mission);
        let served = hub.serve_with(&["--mission", text(&mission)]);
        // Off its rhythm this log takes nothing: a single satellite picture would show.
        let other = past(&hub.dir.join("other"), &["satellite.csv"]);
        let off = hub.sending(&other, &mission, &served.url);
        let ran = truceline(&off.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(ran.code == 1 && ran.err.contains("--rhythm"), "{}", ran.err);
        let mut arguments = hub.sending(&observations, &mission, &served.url);
        arguments.push("--rhythm".to_string());
        let sent = PathBuf::from(format!("{}.sent", hub.key.display()));
        let receipts = || -> Vec<Receipt> {
            let mut names: Vec<PathBuf> = fs::read_dir(&sent)
                .map(|all| all.map(|entry| entry.unwrap().path()).collect())
                .unwrap_or_default();
            names.retain(|name| name.extension().is_some_and(|end| end == "receipt"));
            names.sort();
            let open =
                |name: &PathBuf| Receipt::open(&Note::parse(&fs::read(name).unwrap()).unwrap(), &hub.log());
            names.iter().map(|name| open(name).unwrap()).collect()
        };
        let until = Instant::now() + Duration::from_secs(120);
        let mut beats = 0;
        // It is stopped by force in between, and goes on.
        for wanted in [2, 5] {
            let mut sending = Command::new(env!("CARGO_BIN_EXE_truceline")).args(&arguments).spawn().unwrap();
            while beats < wanted {
                assert!(Instant::now() < until, "no beat came");
                std::thread::sleep(Duration::from_millis(50));
                beats = receipts().len();
                if beats == 1 {
                    past(&hub.dir, files);
                }
            }
            sending.kill().unwrap();
            sending.wait().unwrap();
        }
        drop(served);
        ok(&["record", "audit", text(&hub.record)]);
        ok(&["record", "rebuild-index", text(&hub.record), "--who", "tester"]);
        let index = record::index::Index::open(&hub.record.join("index.sqlite")).unwrap();
        let query = record::index::Query { what: Some("impulse".into()), ..Default::default() };
        let told = index.find(&query).unwrap().len();
        (receipts().iter().map(|receipt| receipt.leaves.len()).collect::<Vec<_>>(), told)
    };
    let (quiet, nothing) = shown("rhythm-quiet", &[]);
    let (busy, much) = shown("rhythm-busy", &["acoustic.csv", "satellite.csv"]);
    assert!(quiet.iter().chain(&busy).all(|leaves| *leaves == 4), "{quiet:?} {busy:?}");
    assert!(nothing == 0 && much > 0, "{nothing} {much}");
}

/// A road that may be up, be down, or lose the answer.
struct BadRoad {
    url: String,
    /// Where it leads to, and whether answers come back.
    to: std::sync::Arc<std::sync::Mutex<Option<(String, bool)>>>,
}

impl BadRoad {
    fn new() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let to = std::sync::Arc::new(std::sync::Mutex::new(None::<(String, bool)>));
        let leads = to.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut near) = stream else { continue };
                let Some((to, answers)) = leads.lock().unwrap().clone() else { continue };
                let mut far = std::net::TcpStream::connect(to).unwrap();
                let (mut from, mut into) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from, &mut into));
                if answers {
                    std::thread::spawn(move || std::io::copy(&mut far, &mut near));
                } else {
                    // The log has answered; nobody hears it.
                    let _ = std::io::Read::read(&mut far, &mut [0; 1]);
                    let _ = near.shutdown(std::net::Shutdown::Both);
                }
            }
        });
        Self { url, to }
    }

    fn leads(&self, to: Option<(&Served, bool)>) {
        *self.to.lock().unwrap() = to.map(|(served, answers)| (served.address.clone(), answers));
    }
}

/// A source that is stopped with the test.
struct Sending(Child);

impl Drop for Sending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A source that keeps a rhythm outlives a road that is down, an answer that is lost, and a log that takes less than the
/// rhythm asks for; it ends when its key is revoked.
#[test]
fn a_source_in_rhythm_outlives_the_road() {
    // 4 leaves at each beat of a second, and the log takes 3 a second: now and then it is a flood.
    let hub = Hub::new("bad-road", ["4", "180"]);
    let observations = past(&hub.dir, &["press.csv"]);
    let mission = crate::keeping::mission(&hub.dir, "[record.rhythm]\nevery = \"1 s\"\nleaves = 4");
    bind(&mission);
    let road = BadRoad::new();
    let mut arguments = hub.sending(&observations, &mission, &road.url);
    arguments.push("--rhythm".to_string());
    let said = hub.dir.join("said");
    let mut sending = Sending(
        Command::new(env!("CARGO_BIN_EXE_truceline"))
            .args(&arguments)
            .stdout(Stdio::null())
            .stderr(fs::File::create(&said).unwrap())
            .spawn()
            .unwrap(),
    );
    let sent = PathBuf::from(format!("{}.sent", hub.key.display()));
    let receipts = || {
        let names = fs::read_dir(&sent).into_iter().flatten().map(|entry| entry.unwrap().path());
        names.filter(|name| name.extension().is_some_and(|end| end == "receipt")).count()
    };
    let until = |what: &str, done: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(60);
        while !done() {
            assert!(Instant::now() < end, "{what}: {}", fs::read_to_string(&said).unwrap());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let says = |word: &str| fs::read_to_string(&said).unwrap().contains(word);
    until("the road is down", &|| says("is handed in again at each beat") && sent.join("outbox").exists());
    let served = hub.serve_with(&["--mission", text(&mission)]);
    let size = || record::Reader::open(&hub.record, vec![hub.log()]).unwrap().checkpoint().unwrap();
    let before = size();
    road.leads(Some((&served, false)));
    until("the answer is lost", &|| size() != before);
    assert_eq!(receipts(), 0);
    road.leads(Some((&served, true)));
    until("it goes on", &|| receipts() >= 4 && says("flood: "));
    // The folder is away for a moment: the beats go on.
    let away = hub.dir.join("away");
    fs::rename(&observations, &away).unwrap();
    until("it says so", &|| says("heartbeats are handed in meanwhile"));
    let so_far = receipts();
    until("the beats go on", &|| receipts() > so_far);
    fs::rename(&away, &observations).unwrap();
    road.leads(None);
    drop(served);
    ok(&["record", "revoke", text(&hub.record), "post-7"]);
    let served = hub.serve_with(&["--mission", text(&mission)]);
    road.leads(Some((&served, true)));
    until("it ends", &|| says("signed why: revoked"));
    assert_eq!(sending.0.wait().unwrap().code(), Some(1));
    // Every leaf that the log has of it, it has a receipt for; nothing is there twice.
    drop(served);
    ok(&["record", "audit", text(&hub.record)]);
}

/// The receipt was lost on the road, or the source's papers with it.
#[test]
fn a_lost_answer_is_asked_for_again_and_a_lost_chain_is_told() {
    let hub = Hub::new("lost", ["1000", "600"]);
    let observations = past(&hub.dir, &["satellite.csv"]);
    let sent = PathBuf::from(format!("{}.sent", hub.key.display()));
    hub.send(&observations, "http://127.0.0.1:9");
    copy(&sent, &hub.dir.join("before"));
    let served = hub.serve();
    assert!(hub.send(&observations, &served.url).out.contains(" 3 leaves were taken"));
    // The power went before the answer came.
    fs::remove_dir_all(&sent).unwrap();
    copy(&hub.dir.join("before"), &sent);
    let ran = hub.send(&observations, &served.url);
    assert!(ran.code == 0 && ran.out.contains(" 3 leaves were taken"), "{}{}", ran.out, ran.err);
    assert!(sent.join("000000000000.receipt").exists(), "the log gives its receipt again");
    assert!(hub.send(&observations, &served.url).out.contains("nothing is new"));
    // Everything is gone: the log says that this key went further.
    fs::remove_dir_all(&sent).unwrap();
    let ran = hub.send(&observations, &served.url);
    assert!(ran.code == 1 && ran.err.contains("replayed") && ran.err.contains("is recorded"), "{}", ran.err);
}

/// A log that only says that it has everything has given nothing: the source keeps what it said, and what opens it.
#[test]
fn a_log_that_says_replayed_and_gives_no_receipt_is_not_believed() {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let hub = Hub::new("evil", ["1000", "600"]);
    let observations = past(&hub.dir, &["satellite.csv"]);
    hub.send(&observations, "http://127.0.0.1:9");
    let outbox = PathBuf::from(format!("{}.sent/outbox", hub.key.display()));
    let before = fs::read(&outbox).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let secret = fs::read_to_string(hub.record.join("keys/log.key")).unwrap();
    let key = verify::note::SignerKey::parse(secret.lines().next().unwrap()).unwrap();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let leaves = delivery::decode(&body).unwrap();
        let leaves = leaves.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
        let outcome = Outcome::Refused { reason: verify::field::Token::new("replayed").unwrap() };
        let receipt = Receipt { origin: "example.org/hub".into(), outcome, time: 1, leaves };
        let note = receipt.sign(&key).unwrap().to_string();
        let head = "HTTP/1.1 422 Unprocessable Entity\r\nConnection: close\r\nContent-Length: ";
        write!(stream, "{head}{}\r\n\r\n{note}", note.len()).unwrap();
    });
    let ran = hub.send(&observations, &url);
    answering.join().unwrap();
    assert!(ran.code == 1 && ran.err.contains("gives no receipt"), "{}{}", ran.out, ran.err);
    assert_eq!(fs::read(&outbox).unwrap(), before, "the source keeps it");
    // With the honest log it gets its receipt after all.
    let served = hub.serve();
    assert!(hub.send(&observations, &served.url).out.contains(" 3 leaves were taken"));
}

/// What is dated later than the source's own clock stays with it, and holds nothing else up.
#[test]
fn what_is_dated_ahead_stays_with_the_source() {
    let hub = Hub::new("ahead", ["1000", "600"]);
    let observations = past(&hub.dir, &["satellite.csv"]);
    let file = observations.join("satellite.csv");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("2025-", "2099-", 2)).unwrap();
    let served = hub.serve();
    let ran = hub.send(&observations, &served.url);
    assert!(ran.code == 0 && ran.err.contains("2 observations are dated later"), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(" 1 leaves were taken"), "{}", ran.out);
}

/// Outside the mission nobody learns from a bundle which post wrote which leaves of the log that both parties hold.
#[test]
fn a_public_bundle_names_no_post() {
    let hub = Hub::new("posts", ["1000", "600"]);
    let second = hub.dir.join("second.key");
    let certificate = hub.certified("post-8", &second);
    ok(&["record", "enrol", text(&hub.record), text(&certificate)]);
    let served = hub.serve();
    assert_eq!(hub.send(&past(&hub.dir, &["satellite.csv"]), &served.url).code, 0);
    drop(served);
    ok(&["record", "checkpoint", text(&hub.record)]);
    let key = |file: &Path| {
        let seed = verify::text::from_hex(fs::read_to_string(file).unwrap().trim()).unwrap();
        verify::text::base64(&SourceKey::from_seed(&seed.try_into().unwrap()).public())
    };
    // Leaf 3 is the first of post-7, leaf 1 and 2 are the two posts' key changes; leaf 0 that of the recorder.
    for (receiver, leaves, names) in
        [("public", "3", false), ("liaison", "3", false), ("public", "0", false), ("monitor", "3", true)]
    {
        let bag = hub.dir.join(format!("bag-{receiver}-{leaves}"));
        let of = ["export", "--record", text(&hub.record), "--out", text(&bag), "--for", receiver];
        ok(&[&of[..], &["--leaves", leaves]].concat());
        let (code, said) = truceline_verify(&["bundle", text(&bag)]);
        assert_eq!(code, 0, "{said}");
        let mut all = String::new();
        let mut folders = vec![bag];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    all.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
                }
            }
        }
        assert_eq!(all.contains("post-7"), names, "{receiver} {leaves}");
        assert!(!all.contains("post-8") && !all.contains(&key(&second)), "{receiver} {leaves}");
        // Whose leaf is shown, its key is, so that the signature can be checked.
        assert_eq!(all.contains(&key(&hub.key)), leaves == "3", "{receiver} {leaves}");
    }
    // What may be shown tomorrow may not be shown today by saying that it is tomorrow.
    let bag = hub.dir.join("bag-ahead");
    let of =
        ["export", "--record", text(&hub.record), "--out", text(&bag), "--for", "public", "--leaves", "3"];
    let ran = truceline(&[&of[..], &["--as-of", "2099-01-01T00:00:00Z"]].concat());
    assert!(ran.code == 1 && ran.err.contains("has not come") && !bag.exists(), "{}", ran.err);
}

#[test]
fn what_would_be_read_on_the_road_is_not_sent() {
    let hub = Hub::new("road", ["1000", "600"]);
    let observations = past(&hub.dir, &["satellite.csv"]);
    for to in [
        "http://192.0.2.1:8470",
        "http://127.0.0.1:x@192.0.2.2",
        "http://localhost@192.0.2.2:80/",
        "http://192.0.2.2?@127.0.0.1",
        "http://192.0.2.2#@127.0.0.1",
    ] {
        let ran = hub.send(&observations, to);
        assert!(ran.code == 1 && ran.err.contains("--encrypted-road"), "{to}: {}", ran.err);
    }
}

/// What a source saw; `time` in microseconds.
fn seen(time: i64) -> Observation {
    let at = Point { lon: 375_000_000, lat: 487_000_000 };
    let place = Place::Point { at, error: Ellipse::circle(50_000) };
    let span = Span { start: Time(time), end: Time(time + 60_000_000) };
    let mut seen = Observation::bare(truce::Id([7; 32]), "acoustic", What::Sighting, span, place);
    seen.group = "acoustic network".into();
    seen
}

/// As its fields and words, by whom it is said and in whose name.
fn encoded(observation: Observation) -> Encoded {
    Told::Observation(Box::new(observation)).encode(Zone::Fixed(0)).unwrap().without_id()
}

fn sealed(signer: &mut Signer, encoded: Encoded) -> Entry {
    parts::seal(signer, encoded, &[], Publication::Coarsely, &SystemEntropy).unwrap()
}

/// An entry of a source; `time` in microseconds.
fn entry(signer: &mut Signer, time: i64) -> Entry {
    sealed(signer, encoded(seen(time - 60_000_000)))
}

/// A source that is enrolled may be hostile: what could make an analysis fail, an audit end badly for good, a date false,
/// another's word void or a fine place public is refused before it is a leaf.
#[test]
fn what_a_source_cannot_say_is_refused() {
    let hub = Hub::new("cannot-say", ["1000", "600"]);
    let served = hub.serve();
    let seed = verify::text::from_hex(fs::read_to_string(&hub.key).unwrap().trim()).unwrap();
    let key: [u8; 32] = seed.try_into().unwrap();
    let signer = || Signer::new(SourceKey::from_seed(&key));
    let now = record::clock::Clock::now(&record::clock::SystemClock) - 60_000_000;
    let own = |change: &dyn Fn(&mut Observation)| {
        let mut observation = seen(now);
        change(&mut observation);
        encoded(observation)
    };
    let of = |said| sealed(&mut signer(), said);
    let saying = |change: &dyn Fn(&mut Observation)| of(own(change));
    let of_kind = |kind: Kind, fields: Vec<Field>| {
        let mut said = own(&|_| ());
        (said.kind, said.fields, said.words) = (kind, Fields::default(), Words::default());
        said.fields.extend(fields);
        of(said)
    };
    // Fields put in the place of what they were, or beside them.
    let altered = |label: &str, value: Value| {
        let mut said = own(&|_| ());
        said.fields = said.fields.only(|other| other != label);
        said.fields.extend(vec![Field::new(label, value).unwrap()]);
        of(said)
    };
    let without = |labels: &[&str]| {
        let mut said = own(&|_| ());
        said.fields = said.fields.only(|label| !labels.iter().any(|begins| label.starts_with(begins)));
        of(said)
    };
    let kept = |change: &dyn Fn(&mut Vec<Part>)| {
        let mut entry = saying(&|_| ());
        change(&mut entry.item.parts);
        entry
    };
    let fine = |parts: &mut Vec<Part>| parts.iter().position(|part| part.category == "fine").unwrap();
    let exactly =
        parts::seal(&mut signer(), own(&|_| ()), &[], Publication::Exactly, &SystemEntropy).unwrap();
    // All that monitors see, in the place of what the public is to see.
    let swapped = kept(&|parts| {
        let at = fine(parts);
        let public = parts.iter().position(|part| part.category == "public").unwrap();
        let mut all = parts[at].clone();
        (all.category, all.roles) = (parts[public].category.clone(), parts[public].roles.clone());
        parts[public] = all;
    });
    let delivered = |change: &dyn Fn(&mut File)| {
        let mut file = File {
            name: "today/acoustic.csv".into(),
            source: Some("acoustic".into()),
            sha256: Some([3; 32]),
            map: false,
            rows: 5,
            accepted: 3,
            set_aside: vec![("column".into(), 2, Some(4))],
            unused: None,
        };
        change(&mut file);
        of(Told::File(file).encode(Zone::Fixed(0)).unwrap())
    };
    // To the public it would be one more bang that nobody heard twice.
    let batch_of = |detail: Detail| {
        let one = Observation { detail, ..seen(now) };
        of(Told::Batch(vec![one]).encode(Zone::Fixed(0)).unwrap())
    };
    let year = 366 * 86_400_000_000;
    let derived = Detail::Derived(Box::new(Derived { from: vec![], evidence: 0 }));
    let mut cases = vec![
        ("a name of its own choice", altered("id", Value::hash([7; 32])), "gives itself an `id`"),
        ("a coarse place finer than the fine one", altered("within", Value::int(0)), "contradicts itself"),
        (
            "a day of another year",
            altered("day", Value::ints([now - year, now - year + 1])),
            "contradicts itself",
        ),
        ("no kind of act", without(&["act"]), "cannot be read"),
        ("no time at all", without(&["time", "day"]), "cannot be read"),
        ("no square of 10 km", without(&["place.10km"]), "`place.10km` is missing"),
        ("a field of its own", altered("loudness", Value::int(9)), "`loudness` does not belong"),
        ("a rating beyond the scale", altered("rating", Value::ints([0, 255])), "a to f"),
        ("a digest among detections", batch_of(Detail::Digest), "stand in batches"),
        ("an act among detections", batch_of(Detail::None), "without what was detected"),
        ("worked out from instruments", saying(&|it| it.detail = derived.clone()), "the hub's to say"),
        (
            "in the name of another source",
            saying(&|it| it.source = "patrols".into()),
            "with the key of `patrols`",
        ),
        ("in the name of no source", saying(&|it| it.source = "post-7".into()), "knows no source"),
        (
            "in the name of the monitors",
            saying(&|it| (it.source, it.asserted_by) = ("press".into(), Asserter::Monitor)),
            "`press` is a third party",
        ),
        (
            "as a witness more",
            saying(&|it| (it.kind, it.group) = (What::Impulse, "another network".into())),
            "not a source's to say",
        ),
        (
            "the rows of another source",
            delivered(&|it| it.source = Some("patrols".into())),
            "with the key of `patrols`",
        ),
        ("a file of no source", delivered(&|it| it.source = None), "no source's"),
        (
            "a file by the name of another's",
            delivered(&|it| it.name = "patrols.csv".into()),
            "is not of `acoustic`",
        ),
        ("rows that are not there", delivered(&|it| it.accepted = 400), "rows are not"),
        ("a fine place for everyone", exactly, "is told coarsely"),
        ("all for everyone beside", swapped, "more than this mission shows"),
        (
            "for no monitor",
            kept(&|parts| {
                let at = fine(parts);
                parts[at].roles.clear();
            }),
            "is expected",
        ),
        (
            "for the administrator",
            kept(&|parts| {
                let at = fine(parts);
                parts[at].roles = vec!["administrator".into()];
            }),
            "is expected",
        ),
        (
            "kept for ever",
            kept(&|parts| {
                let at = fine(parts);
                parts[at].category = "gold".into();
            }),
            "is expected",
        ),
        (
            "less for the public than is its due",
            kept(&|parts| parts.retain(|part| part.category != "public")),
            "in 3 parts",
        ),
        (
            "a category that is a path",
            kept(&|parts| parts.last_mut().unwrap().category = "../../x".into()),
            "is expected",
        ),
        (
            "a heartbeat with something to say",
            of_kind(Kind::Heartbeat, vec![Field::new("note", Value::int(1)).unwrap()]),
            "does not belong",
        ),
    ];
    for kind in Kind::ALL {
        if ![Kind::Observation, Kind::Claim, Kind::Batch, Kind::Heartbeat].contains(&kind) {
            cases.push((kind.token(), of_kind(kind, vec![]), "not a source's to make"));
        }
    }
    for (what, entry, expected) in &cases {
        let (status, head, receipt) = hub.deliver(&served, &delivery::encode(std::slice::from_ref(entry)));
        let Outcome::Refused { reason } = &receipt.outcome else { panic!("{what} was taken: {head}") };
        assert_eq!((status, reason.as_str()), (422, "statement"), "{what}: {head}");
        assert!(head.contains(expected), "{what}: {head}");
    }
    // What has no exact time is dated by its days.
    let mut days = own(&|it| it.time = Span { start: Time(now + year), end: Time(now + year + 60_000_000) });
    days.fields = days.fields.only(|label| !label.starts_with("time."));
    for ahead in [saying(&|it| it.time.end = Time(now + year)), of(days)] {
        let (_, head, receipt) = hub.deliver(&served, &delivery::encode(&[ahead]));
        let Outcome::Refused { reason } = &receipt.outcome else { panic!("{head}") };
        assert_eq!(reason.as_str(), "future-dated", "{head}");
    }
    // The same, true and for those who may see it, is taken.
    let (status, head, _) = hub.deliver(&served, &delivery::encode(&[saying(&|_| ())]));
    assert_eq!(status, 200, "{head}");
    std::thread::sleep(Duration::from_millis(400));
    drop(served);
    let audit = ok(&["record", "audit", text(&hub.record)]).out;
    assert!(audit.contains("0 statements contradict themselves"), "{audit}");
}

/// Whatever honest sources observe is taken, detections in batches, outlets and parties with groups of their own.
#[test]
fn what_honest_sources_hand_in_is_taken() {
    for story in ["made-up-truce", "heard-and-seen"] {
        let mut hub = Hub::new(&format!("honest-{story}"), ["100000", "100000"]);
        hub.mission = hub.dir.join("all");
        copy(&root().join(format!("fixtures/{story}/mission")), &hub.mission);
        bind(&hub.mission);
        let observations = hub.dir.join("observations");
        copy(&root().join(format!("fixtures/{story}/observations")), &observations);
        let mut files = 0;
        for entry in fs::read_dir(&observations).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("patrols.csv") {
                fs::remove_file(path).unwrap();
                continue;
            }
            let rows = fs::read_to_string(&path).unwrap().replace("2031-", "2025-");
            fs::write(&path, rows).unwrap();
            files += 1;
        }
        assert!(files > 6);
        let served = hub.serve_with(&["--mission", text(&hub.mission), "--rate", "10000", "--kib", "100000"]);
        let ran = hub.send(&observations, &served.url);
        assert_eq!(ran.code, 0, "{story}: {}{}", ran.out, ran.err);
        drop(served);
        let audit = ok(&["record", "audit", text(&hub.record)]).out;
        assert!(audit.contains(" 0 statements contradict themselves"), "{audit}");
    }
}

/// What a source handed in keeps no row of the mission's own out of the record, and replaces none: each is called by its own
/// leaf.
#[test]
fn what_a_source_says_takes_nobodys_place() {
    let hub = Hub::new("places", ["1000", "600"]);
    let observations = past(&hub.dir, &["satellite.csv"]);
    let served = hub.serve();
    assert_eq!(hub.send(&observations, &served.url).code, 0);
    drop(served);
    let agreement = root().join("fixtures/made-up-truce/agreement");
    let append = || {
        let of = ["--agreement", text(&agreement), "--observations", text(&observations)];
        ok(&[&["record", "append", text(&hub.record), "--mission", text(&hub.mission)][..], &of].concat()).out
    };
    // The source said the file, too, and its two rows: these are recorded all the same, with agreement and mission.
    let said = append();
    assert!(said.contains(" 4 of them new, 1 statements known already"), "{said}");
    let said = append();
    assert!(said.contains(" 0 of them new, 5 statements known already"), "{said}");
}

/// Each cheat gets a signed refusal that says why, and none of it is recorded.
#[test]
fn whoever_cheats_gets_a_signed_refusal() {
    let hub = Hub::new("cheats", ["5", "1"]);
    let second = hub.dir.join("second.key");
    let certificate = hub.certified("post-8", &second);
    ok(&["record", "enrol", text(&hub.record), text(&certificate)]);
    ok(&["record", "revoke", text(&hub.record), "post-8"]);
    let key = |file: &Path| {
        let seed = verify::text::from_hex(fs::read_to_string(file).unwrap().trim()).unwrap();
        SourceKey::from_seed(&seed.try_into().unwrap())
    };
    let served = hub.serve();
    let size = || served.get("/checkpoint").2;
    let mut signer = Signer::new(key(&hub.key));
    let now = record::clock::Clock::now(&record::clock::SystemClock);
    let old = vec![entry(&mut signer, now)];
    assert_eq!(hub.deliver(&served, &delivery::encode(&old)).0, 200);
    let good = vec![entry(&mut signer, now)];
    let (status, _, receipt) = hub.deliver(&served, &delivery::encode(&good));
    let Outcome::Appended { first, .. } = receipt.outcome else { panic!("{receipt:?}") };
    assert_eq!(status, 200);
    // The same once more, as after a lost answer: the same index again.
    let (status, _, receipt) = hub.deliver(&served, &delivery::encode(&good));
    assert!(
        status == 200 && matches!(receipt.outcome, Outcome::Appended { first: again, .. } if again == first)
    );
    head_over(&served, first + 1);
    let before = size();

    let last = || Leaf::parse(&good[0].leaf).ok();
    let next = |time: i64| entry(&mut Signer::resume(key(&hub.key), last()), time);
    let mut forged = next(now);
    forged.leaf[200] ^= 1;
    let mut swapped = next(now);
    swapped.item.parts.truncate(1);
    swapped.item.parts.extend(good[0].item.parts[1..].to_vec());
    let mut other_words = next(now);
    other_words.item = good[0].item.clone();
    let mut skipped = Signer::resume(key(&hub.key), last());
    entry(&mut skipped, now);
    let mut many = Signer::resume(key(&hub.key), last());
    let bare = |kind| {
        Signer::resume(key(&hub.key), last()).sign(Statement::new(kind, vec![]), &[], &[], &SystemEntropy)
    };
    let stranger = SourceKey::from_seed(&[9; 32]);
    for (entries, reason, status) in [
        (old.clone(), "replayed", 422),
        (vec![entry(&mut skipped, now)], "out-of-sequence", 422),
        (vec![next(now + 3_600_000_000)], "future-dated", 422),
        (vec![forged], "signature", 422),
        (vec![swapped], "openings", 422),
        (vec![other_words], "vault", 422),
        (vec![bare(Kind::Heartbeat).unwrap()], "openings", 422),
        (vec![entry(&mut Signer::new(stranger), now)], "unknown-source", 422),
        (vec![entry(&mut Signer::new(key(&second)), now)], "revoked", 422),
        ((0..9).map(|_| entry(&mut many, now)).collect(), "flood", 429),
    ] {
        let (got, head, receipt) = hub.deliver(&served, &delivery::encode(&entries));
        let said = match &receipt.outcome {
            Outcome::Refused { reason } => reason.as_str().to_string(),
            Outcome::Appended { .. } => "appended".to_string(),
        };
        assert_eq!((said.as_str(), got), (reason, status), "{head}");
        assert!(head.contains("truceline-refused: "), "{head}");
        let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
        assert_eq!(receipt.leaves, hashes);
    }
    // A type with a parameter is the same type: nothing slips in as a bare file.
    let typed = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: {MEDIA_TYPE}; charset=x\r\n");
    let (status, head, _) = served.post("/add", &typed, &delivery::encode(&old));
    assert!(status == 422 && head.contains("truceline-refused: "), "{head}");
    // What is no delivery is refused, too; and what is too long is not read.
    let (status, _, receipt) = hub.deliver(&served, b"nonsense");
    assert!(
        matches!(receipt.outcome, Outcome::Refused { reason } if reason.as_str() == "batch") && status == 422
    );
    let headers = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: {MEDIA_TYPE}\r\n");
    assert_eq!(served.post("/add", &headers, &vec![0; delivery::DELIVERY_MAX + 1]).0, 413);
    let headers = format!("Content-Type: {MEDIA_TYPE}\r\n");
    assert_eq!(served.post("/add", &headers, &delivery::encode(&good)).0, 401);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(size(), before, "nothing of it was recorded");
    // The refusal is checked on the command line like any receipt.
    let headers = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: {MEDIA_TYPE}\r\n");
    let note = served.post("/add", &headers, &delivery::encode(&old)).2;
    let file = hub.dir.join("refusal");
    fs::write(&file, note).unwrap();
    let policy = hub.record.join("policy");
    let (code, said) = truceline_verify(&["receipt", "--policy", text(&policy), text(&file)]);
    assert!(code == 0 && said.contains("for the reason `replayed`"), "{said}");
    // After all this the honest source goes on.
    let (status, ..) = hub.deliver(&served, &delivery::encode(&[next(now)]));
    assert_eq!(status, 200);
}
