//! Being a witness, and asking witnesses (c2sp.org/tlog-witness).

use record::storage::{self, Storage};
use sha2::Digest as _;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;
use verify::Refusal;
use verify::checkpoint::Checkpoint;
use verify::note::{Note, Signature, SignerKey, VerifierKey};
use verify::witness::{AddCheckpoint, Answer};

/// What a witness says over HTTP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Status.
    pub status: u16,
    /// Content type.
    pub kind: &'static str,
    /// Body.
    pub body: String,
}

/// A witness: it remembers the last head of each log that it knows, and cosigns heads that continue it.
pub struct Desk {
    disk: Arc<dyn Storage>,
    keys: Vec<SignerKey>,
    logs: Vec<VerifierKey>,
    now: Box<dyn Fn() -> u64 + Send>,
}

impl Desk {
    /// A witness with its cosigning `keys`, that knows `logs` by their keys and remembers heads on `disk`. `now` gives
    /// seconds since 1970.
    ///
    /// # Errors
    /// What cannot be remembered.
    pub fn new(
        disk: Arc<dyn Storage>,
        keys: Vec<SignerKey>,
        logs: Vec<VerifierKey>,
        now: Box<dyn Fn() -> u64 + Send>,
    ) -> std::io::Result<Self> {
        disk.create_dir("heads")?;
        disk.sync_dir("")?;
        Ok(Self { disk, keys, logs, now })
    }

    /// The head of the log with this file that was cosigned last, with the log's own signatures, for [`head_path`].
    pub fn head(&self, file: &str) -> std::io::Result<Option<Vec<u8>>> {
        match self.disk.read(&format!("heads/{file}")) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// One file a log, named by the hash of its origin: an origin may hold slashes.
    fn file(origin: &str) -> String {
        format!("heads/{}", name_of(origin))
    }

    fn latest(&self, origin: &str) -> std::io::Result<Option<Checkpoint>> {
        match self.disk.read(&Self::file(origin)) {
            Ok(bytes) => {
                let head = Note::parse(&bytes).and_then(|note| Checkpoint::of_note(&note));
                let head = head.map_err(|refusal| std::io::Error::other(refusal.what))?;
                // A head that is remembered under another log's name would be nobody's.
                let own = head.origin == origin;
                own.then_some(Some(head))
                    .ok_or_else(|| std::io::Error::other("the head is that of another log"))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Answers a request to `add-checkpoint`. The head is durable before its cosignature is given.
    pub fn ask(&mut self, body: &[u8]) -> Said {
        let plain = |status: u16, body: String| Said { status, kind: "text/plain; charset=utf-8", body };
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(refusal) => return plain(400, format!("{}\n", refusal.what)),
        };
        let origin = Checkpoint::of_note(&request.checkpoint).map(|head| head.origin).unwrap_or_default();
        let latest = match self.latest(&origin) {
            Ok(latest) => latest,
            Err(error) => {
                return plain(500, format!("the witness cannot read what it cosigned last: {error}\n"));
            }
        };
        let answer = request.judge(&self.logs, latest.as_ref());
        let words = match &answer {
            Answer::Cosign(head) => return self.cosign(head, &request.checkpoint),
            Answer::Conflict { size } => {
                return Said { status: 409, kind: "text/x.tlog.size", body: format!("{size}\n") };
            }
            Answer::Malformed => "the request is malformed, or its old size is above the new\n",
            Answer::UnknownLog => "this witness does not know the log\n",
            Answer::NotSigned => {
                "the checkpoint is not signed with a key that this witness knows of the log\n"
            }
            Answer::Inconsistent => {
                "the new head does not continue the head that this witness cosigned last\n"
            }
        };
        plain(answer.status(), words.to_string())
    }

    /// What is kept and shown of a head: the log's own signatures by the keys that are known, each checked, and those that
    /// were kept of the same head before. Whoever asks can neither put lines of his own there nor take one away.
    fn kept(&self, head: &Checkpoint, note: &Note) -> std::io::Result<Note> {
        let before = match self.disk.read(&Self::file(&head.origin)) {
            Ok(bytes) => Note::parse(&bytes).ok().filter(|before| before.text == note.text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let known = self.logs.iter().filter(|key| key.name() == head.origin);
        let lines = before.iter().chain([note]).flat_map(|note| &note.signatures);
        let first = |key: &VerifierKey| {
            lines.clone().find(|line| key.made(line) && key.verify(&note.text, line).is_ok()).cloned()
        };
        Ok(Note { text: note.text.clone(), signatures: known.filter_map(first).collect() })
    }

    fn cosign(&self, head: &Checkpoint, note: &Note) -> Said {
        let plain = |status: u16, body: String| Said { status, kind: "text/plain; charset=utf-8", body };
        let remembered = self.kept(head, note).and_then(|kept| {
            storage::replace(self.disk.as_ref(), &Self::file(&head.origin), kept.to_string().as_bytes())
        });
        if let Err(error) = remembered {
            return plain(
                500,
                format!("the witness cannot remember the head, so it does not cosign it: {error}\n"),
            );
        }
        let time = (self.now)();
        let signed: Result<Vec<_>, Refusal> =
            self.keys.iter().map(|key| key.sign(&note.text, time)).collect();
        match signed {
            Ok(lines) => plain(200, lines.iter().map(|line| format!("{line}\n")).collect()),
            Err(refusal) => plain(500, format!("{refusal}\n")),
        }
    }
}

fn name_of(origin: &str) -> String {
    verify::text::hex(&sha2::Sha256::digest(origin.as_bytes()))
}

/// Where one of our witnesses shows the head of a log that it cosigned last, with the log's own signatures: below its
/// URL, `head/` and the SHA-256 of the origin. An addition of ours: c2sp.org/tlog-witness has no such question, and a
/// log that was restored from an old copy needs the answer before it signs anything.
pub fn head_path(origin: &str) -> String {
    format!("head/{}", name_of(origin))
}

/// Asks others over HTTP, with short patience: a witness that does not answer never holds up the log.
///
/// Plain HTTP: what goes back and forth is public and signed, so that a connection needs no secrets. For a URL that is
/// https alone, put a proxy that adds TLS beside this program.
pub struct Http {
    agent: ureq::Agent,
}

/// What went wrong with a request, without the password that its address may hold.
fn told(url: &str, why: &dyn std::fmt::Display) -> String {
    let shown = without_password(url);
    format!("{shown}: {}", why.to_string().replace(url, &shown))
}

/// An address as it may be shown: what stands before an `@` in it names somebody, and lets him in.
pub(super) fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}{path}"),
        None => url.to_string(),
    }
}

/// What a witness answered to the log that asked it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answered {
    /// Its signature lines.
    Cosigned(Vec<Signature>),
    /// It last cosigned this size.
    Has(u64),
    /// It refuses: status and words.
    Refused(u16, String),
}

impl Http {
    /// With this patience for each request.
    pub fn new(patience: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .user_agent(concat!("truceline/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into() }
    }

    fn plain(url: String) -> Result<String, String> {
        match url.split_once("://") {
            Some(("http", _)) => Ok(url),
            Some(("https", _)) => {
                Err(told(&url, &"TLS is not built in; put a proxy that adds it beside this program"))
            }
            _ => Err(told(&url, &"not a URL that begins with http://")),
        }
    }

    /// Sends a checkpoint to the witness at `url` (the prefix before `/add-checkpoint`).
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn add_checkpoint(&self, url: &str, request: &AddCheckpoint) -> Result<Answered, String> {
        let url = Self::plain(format!("{}/add-checkpoint", url.trim_end_matches('/')))?;
        let mut response =
            self.agent.post(&url).send(request.to_string()).map_err(|error| told(&url, &error))?;
        let status = response.status().as_u16();
        let mut body = String::new();
        let reader = response.body_mut().as_reader();
        reader.take(1 << 20).read_to_string(&mut body).map_err(|error| told(&url, &error))?;
        Ok(match status {
            200 => Answered::Cosigned(Signature::parse_lines(&body).map_err(|refusal| told(&url, &refusal))?),
            409 => match verify::text::decimal(body.trim_end_matches('\n')) {
                Some(size) => Answered::Has(size),
                None => Answered::Refused(status, body),
            },
            _ => Answered::Refused(status, body),
        })
    }

    /// Hands in what a source signed itself, at the log below `url`: gives status, why it was refused, and the receipt.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn deliver(&self, url: &str, token: &str, delivery: &[u8]) -> Result<(u16, String, Vec<u8>), String> {
        let url = Self::plain(format!("{}/add", url.trim_end_matches('/')))?;
        let mut response = self
            .agent
            .post(&url)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", record::delivery::MEDIA_TYPE)
            .send(delivery)
            .map_err(|error| told(&url, &error))?;
        let status = response.status().as_u16();
        let why = response.headers().get(super::serve::REFUSED.as_str()).and_then(|why| why.to_str().ok());
        let why = why.unwrap_or_default().to_string();
        let mut body = Vec::new();
        let read = response.body_mut().as_reader().take(verify::note::NOTE_MAX as u64).read_to_end(&mut body);
        read.map_err(|error| told(&url, &error))?;
        Ok((status, why, body))
    }

    /// A file of the log at `url`: `None` when it is not there.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn file(&self, url: &str, path: &str, most: u64) -> Result<Option<Vec<u8>>, String> {
        let url = Self::plain(format!("{}/{path}", url.trim_end_matches('/')))?;
        let mut response = self.agent.get(&url).call().map_err(|error| told(&url, &error))?;
        match response.status().as_u16() {
            200 => {
                let mut bytes = Vec::new();
                let read = response.body_mut().as_reader().take(most + 1).read_to_end(&mut bytes);
                read.map_err(|error| told(&url, &error))?;
                if bytes.len() as u64 > most {
                    return Err(told(&url, &format_args!("the answer is longer than {most} bytes")));
                }
                Ok(Some(bytes))
            }
            404 => Ok(None),
            status => Err(told(&url, &format_args!("answered {status}"))),
        }
    }
}

/// The tiles of a log behind a URL, for a mirror.
pub struct Remote {
    http: Http,
    url: String,
}

impl Remote {
    /// The log whose `/checkpoint` and `/tile/` lie below `url`.
    pub fn new(url: &str) -> Self {
        Self { http: Http::new(Duration::from_secs(30)), url: url.to_string() }
    }
}

impl record::mirror::TileSource for Remote {
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        // The widest file of a log is a bundle of 256 entries.
        self.http.file(&self.url, path, 256 * (verify::tile::ENTRY_MAX as u64 + 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::storage::Files;
    use verify::note::Algorithm;

    /// Whoever asks can put no line of his own under the head that is shown, and take none of the log's away.
    #[test]
    fn a_kept_head_has_the_logs_own_signatures_and_no_others() {
        let folder = std::env::temp_dir().join(format!("truceline-witness-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let key = |name: &str, algorithm, seed| SignerKey::from_seed(name, algorithm, &[seed; 32]).unwrap();
        let log =
            [key("example.org/log", Algorithm::Ed25519, 1), key("example.org/log", Algorithm::MlDsa44, 2)];
        let stranger = key("example.org/log", Algorithm::Ed25519, 3);
        let mut desk = Desk::new(
            Arc::new(Files::new(&folder).unwrap()),
            vec![key("example.org/witness", Algorithm::Cosignature, 4)],
            log.iter().map(|key| key.verifier().clone()).collect(),
            Box::new(|| 1_773_297_000),
        )
        .unwrap();
        let text = Checkpoint::new("example.org/log", 1, [7; 32]).to_string();
        let whole = Note::sign(&text, &[&log[0], &log[1]], 1_773_297_000).unwrap();
        let mut ask = |old: u64, keys: &[&SignerKey]| {
            let checkpoint = Note::sign(&text, keys, 1_773_297_000).unwrap();
            let said = desk.ask(AddCheckpoint { old, path: vec![], checkpoint }.to_string().as_bytes());
            assert_eq!(said.status, 200, "{}", said.body);
            Note::parse(&desk.head(&name_of("example.org/log")).unwrap().unwrap()).unwrap()
        };
        assert_eq!(ask(0, &[&stranger, &log[0], &log[1]]), whole);
        for keys in [&[&log[0]][..], &[&stranger, &log[0]], &[&log[1], &log[0]]] {
            assert_eq!(ask(1, keys), whole);
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
}
