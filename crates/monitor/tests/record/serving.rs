//! A served log: files as the specification has them, a door that is closed to most.

use crate::common::{Served, ok, scratch, story, text, truceline};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const TOKEN: &str = "a-token-of-some-length";

fn open(test: &str, more: &[&str]) -> (Served, PathBuf) {
    let dir = scratch(test);
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/served", "--alone"]);
    let token = dir.join("token");
    fs::write(&token, TOKEN).unwrap();
    let serve = ["record", "serve", text(&record), "--token", text(&token), "--interval", "100"];
    (Served::start(&[&serve[..], more].concat()), record)
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

#[test]
fn a_log_is_served_as_static_files() {
    let dir = scratch("static");
    assert_eq!(story(&dir.join("out"), &[]).code, 0);
    let record = dir.join("out/record");
    let served = Served::start(&["record", "serve", text(&record)]);
    let (status, head, body) = served.get("/checkpoint");
    assert_eq!((status, body), (200, fs::read(record.join("checkpoint")).unwrap()));
    assert!(head.contains("content-type: text/plain; charset=utf-8") && head.contains("no-cache"), "{head}");
    let size = fs::read_to_string(record.join("checkpoint")).unwrap().lines().nth(1).unwrap().to_string();
    for path in [format!("tile/0/000.p/{size}"), format!("tile/entries/000.p/{size}")] {
        let (status, head, body) = served.get(&format!("/{path}"));
        assert_eq!((status, body), (200, fs::read(record.join(&path)).unwrap()));
        assert!(head.contains("application/octet-stream") && head.contains("immutable"), "{head}");
    }
    // Whatever is not a tile is not looked for, however it is written.
    fs::write(record.join("tile/secret"), "not a tile").unwrap();
    for path in [
        "/tile/../keys/log.key",
        "/tile/%2e%2e/keys/log.key",
        "/tile/0/../../keys/log.key",
        "/tile/0/%2e%2e%2f%2e%2e%2fkeys%2flog.key",
        "/tile//etc/passwd",
        "/tile/secret",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/64/000",
        "/tile/0/0",
        "/tile/0/x000/000",
        "/keys/log.key",
        "/record",
        "/vault/000000000000",
        "/../keys/log.key",
        "/tile/0/000%00",
    ] {
        let (status, _, body) = served.get(path);
        assert!(status == 404 || status == 400, "{path}: {status}");
        let body = String::from_utf8_lossy(&body);
        assert!(!body.contains("PRIVATE") && !body.contains("not a tile"), "{path}: {body}");
    }
    // A reader cannot write.
    assert_eq!(served.post("/add", &bearer(TOKEN), b"x").0, 404);
    assert_eq!(served.post("/checkpoint", "", b"x").0, 405);
}

#[test]
fn entries_are_taken_from_whoever_has_the_token() {
    let (served, record) = open("add", &[]);
    let (status, _, body) = served.post("/add", &bearer(TOKEN), b"one");
    let first: u64 = String::from_utf8(body).unwrap().parse().unwrap();
    assert_eq!(status, 200);
    let (_, _, body) = served.post("/add", &bearer(TOKEN), b"two");
    assert_eq!(String::from_utf8(body).unwrap(), (first + 1).to_string());
    // Soon both are under a head.
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let head = String::from_utf8(served.get("/checkpoint").2).unwrap();
        let size: u64 = head.lines().nth(1).unwrap().parse().unwrap();
        if size >= first + 2 {
            break;
        }
        assert!(Instant::now() < until, "no head came: {head}");
        std::thread::sleep(Duration::from_millis(50));
    }
    // The wrong token, half of it, none, and one that is no header.
    for headers in [bearer("another-token-of-a-length"), bearer(&TOKEN[..5]), bearer(""), String::new()] {
        let (status, head, body) = served.post("/add", &headers, b"x");
        assert!(status == 401 && head.contains("www-authenticate"), "{headers}: {status}");
        assert!(!String::from_utf8_lossy(&body).contains(TOKEN));
    }
    // A body as large as an entry may be, and one that is larger, with and without saying so.
    assert_eq!(served.post("/add", &bearer(TOKEN), &vec![7; 60_000]).0, 200);
    assert_eq!(served.post("/add", &bearer(TOKEN), &vec![7; 65_537]).0, 413);
    let mut chunked = format!(
        "POST /add HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{}\r\n",
        bearer(TOKEN)
    )
    .into_bytes();
    for _ in 0..10 {
        chunked.extend(b"4000\r\n");
        chunked.extend(vec![7; 0x4000]);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    assert_eq!(served.send(&chunked).0, 413);
    drop(served);
    ok(&["record", "audit", text(&record)]);
}

#[test]
fn too_many_at_a_time_are_told_to_wait() {
    let (served, _) = open("rate", &["--rate", "1"]);
    let status: Vec<u16> = std::thread::scope(|scope| {
        let send = |_| scope.spawn(|| served.post("/add", &bearer(TOKEN), b"x").0);
        let sent: Vec<_> = (0..30).map(send).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert!(status.contains(&200) && status.contains(&429), "{status:?}");
    assert!(status.iter().all(|status| [200, 429].contains(status)), "{status:?}");
}

/// So many bytes, not only so many entries: a token alone cannot fill the disk. Another token has bounds of its own.
#[test]
fn too_much_at_a_time_is_told_to_wait() {
    let (served, record) = open("much", &["--kib", "16"]);
    let sent: Vec<u16> = (0..8).map(|_| served.post("/add", &bearer(TOKEN), &vec![7; 60_000]).0).collect();
    assert!(sent.contains(&200) && sent.contains(&429), "{sent:?}");
    // Told to stop by whoever runs services, it signs a last head over what it took.
    let stopped = served.terminate();
    assert!(stopped.success(), "{stopped}");
    let taken = sent.iter().filter(|status| **status == 200).count() as u64;
    let head = fs::read_to_string(record.join("checkpoint")).unwrap();
    assert_eq!(head.lines().nth(1).unwrap().parse::<u64>().unwrap(), 1 + taken);
}

/// Clients that send a byte now and then hold no one up, and are let go.
#[test]
fn slow_clients_are_let_go() {
    let (served, _) = open("slow", &[]);
    let mut slow: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(&served.address).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /add HTTP/1.1\r\nHost: x\r\n").unwrap();
    }
    let start = Instant::now();
    assert_eq!(served.get("/checkpoint").0, 200, "others are served meanwhile");
    assert!(start.elapsed() < Duration::from_secs(8));
    // Nothing more comes: after ten seconds the connection is closed.
    let mut one = slow.pop().unwrap();
    one.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut rest = Vec::new();
    let _ = one.read_to_end(&mut rest);
    assert!(start.elapsed() < Duration::from_secs(40), "still open after {:?}", start.elapsed());
}

/// A mirror over HTTP holds what the log holds, and grows with it.
#[test]
fn a_mirror_pulls_over_http() {
    let (served, record) = open("mirror", &[]);
    let mirror = record.parent().unwrap().join("m");
    let log = record.join("keys/log.pub");
    let pull = || ok(&["record", "mirror", text(&mirror), "--from", &served.url, "--log", text(&log)]).out;
    assert!(pull().contains("hash to the signed root"));
    for n in 0..300_u32 {
        assert_eq!(served.post("/add", &bearer(TOKEN), &n.to_be_bytes()).0, 200);
    }
    let until = Instant::now() + Duration::from_secs(60);
    let size = || {
        String::from_utf8(served.get("/checkpoint").2)
            .unwrap()
            .lines()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    while size() <= 300 {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(pull().contains("hash to the signed root"));
    assert_eq!(
        fs::read(mirror.join("tile/entries/000")).unwrap(),
        fs::read(record.join("tile/entries/000")).unwrap(),
        "a full bundle is the same bytes"
    );
}

/// A hub whose writer stopped takes nothing: it ends, and says why, so that whoever keeps services sees it.
#[test]
fn a_hub_whose_writer_stopped_ends() {
    let dir = scratch("stopped");
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/stopped", "--alone"]);
    let token = dir.join("token");
    fs::write(&token, TOKEN).unwrap();
    // A beat says one of the three, should one come while this test runs.
    let mission = crate::keeping::mission(&dir, "[record.rhythm]\nevery = \"1 h\"\nleaves = 1");
    let serve = ["record", "serve", text(&record), "--token", text(&token), "--mission", text(&mission)];
    let served = Served::start(&serve);
    for entry in [&b"one"[..], b"two", b"three"] {
        assert_eq!(served.post("/add", &bearer(TOKEN), entry).0, 202);
    }
    drop(served);
    let queue = fs::read_dir(record.join("queue")).unwrap().map(|entry| entry.unwrap().path());
    let file = queue.into_iter().find(|path| path.file_name().unwrap() != "intent").unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[40] ^= 1;
    fs::write(&file, bytes).unwrap();
    let audit = truceline(&["record", "audit", text(&record)]);
    assert!(audit.code == 1 && audit.out.contains("item 0 of the queue does not check"), "{}", audit.out);
    let ran = truceline(&[&serve[..], &["--listen", "127.0.0.1:0"]].concat());
    assert!(ran.code == 1 && ran.err.contains("item 0 of the queue does not check"), "{}", ran.err);
}
