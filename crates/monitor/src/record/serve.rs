//! `truceline record serve`: the log as static files (c2sp.org/tlog-tiles), a door for those who append, and, for the
//! logs of others, a witness (c2sp.org/tlog-witness).
//!
//! What is served is public: leaves tell nothing without openings, and no opening is served here. A path is parsed as
//! a tile before it becomes a file's name, so that nothing else in the folder can be asked for. A connection lives a
//! minute at most and waits ten seconds at most for a byte; so many at a time are served and no more.

use super::door::Door;
use super::limit::Rate;
use super::witness::Desk;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use record::delivery;
use sha2::{Digest as _, Sha256};
use std::future::Future as _;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use verify::tile::Tile;

/// The longest body that is read: an entry of a log is at most 65,535 bytes, and so is a request to a witness.
pub const BODY_MAX: usize = 64 << 10;

/// Deliveries that are read at a time; each may be as long as [`delivery::DELIVERY_MAX`].
const DELIVERIES: usize = 8;

/// Connections at a time.
pub const CONNECTIONS: usize = 256;

/// The media type of a receipt: a signed note is text.
pub const RECEIPT_TYPE: &str = "text/plain; charset=utf-8";

/// The header that says, for people, why a delivery was refused. What counts is the receipt.
pub const REFUSED: HeaderName = HeaderName::from_static("truceline-refused");

/// What becomes of an appended entry.
#[derive(Debug)]
pub enum Added {
    /// It is durable, at this index.
    At(u64),
    /// It is durable, and will be recorded at a beat of the log's rhythm.
    Waits,
    /// It is no entry of this log: why.
    Refused(String),
    /// The record cannot write: why.
    Stopped(String),
}

/// What becomes of what a source signed itself.
#[derive(Debug)]
pub enum Delivered {
    /// The log's signed receipt, and if it refuses, why.
    Answered {
        /// The note.
        receipt: String,
        /// Why nothing was recorded.
        refused: Option<String>,
        /// Is it only too much at once?
        slower: bool,
    },
    /// The record cannot write: why.
    Stopped(String),
}

/// What a server serves.
pub struct Site {
    files: Option<PathBuf>,
    add: Option<Entrance>,
    witness: Option<Mutex<Desk>>,
    cosigning: Rate,
}

/// Where entries are handed in.
struct Entrance {
    passes: Vec<Pass>,
    door: Door,
    deliveries: Semaphore,
}

/// A token, and how much whoever has it may hand in.
struct Pass {
    token: [u8; 32],
    entries: Rate,
    bytes: Rate,
}

/// How much each token may hand in.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Entries a second.
    pub entries: u32,
    /// Bytes a second, in KiB.
    pub kib: u32,
}

impl Site {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { files: None, add: None, witness: None, cosigning: Rate::new(100, 1_000) }
    }

    /// Serves checkpoint and tiles from the log's folder.
    #[must_use]
    pub fn with_log(self, files: PathBuf) -> Self {
        Self { files: Some(files), ..self }
    }

    /// Takes entries from whoever has one of the tokens, each within the bounds.
    #[must_use]
    pub fn with_add<'a>(self, tokens: impl Iterator<Item = &'a str>, bounds: Bounds, door: Door) -> Self {
        let kib = bounds.kib.saturating_mul(1024);
        let pass = |token: &str| Pass {
            token: Sha256::digest(token.as_bytes()).into(),
            entries: Rate::new(bounds.entries, bounds.entries.saturating_mul(2)),
            bytes: Rate::new(kib, kib.saturating_mul(8)),
        };
        let (passes, deliveries) = (tokens.map(pass).collect(), Semaphore::new(DELIVERIES));
        Self { add: Some(Entrance { passes, door, deliveries }), ..self }
    }

    /// Cosigns the checkpoints of logs that the desk knows.
    #[must_use]
    pub fn with_witness(self, desk: Desk) -> Self {
        Self { witness: Some(Mutex::new(desk)), ..self }
    }

    fn router(self) -> Router {
        let mut router = Router::new();
        if self.files.is_some() {
            router = router.route("/checkpoint", get(checkpoint)).route("/tile/{*path}", get(tile));
        }
        if self.add.is_some() {
            router = router.route("/add", post(add));
        }
        if self.witness.is_some() {
            router = router.route("/add-checkpoint", post(add_checkpoint)).route("/head/{log}", get(head));
        }
        router.layer(DefaultBodyLimit::max(BODY_MAX)).with_state(Arc::new(self))
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

/// Serves until the process is told to stop, or until `ended`: whoever writes the record stopped, and a hub that looks alive
/// and takes nothing would be worse than none. `told` gets the address, once connections are accepted.
///
/// # Errors
/// The address cannot be listened on.
pub fn run(
    site: Site,
    listen: &str,
    told: impl FnOnce(std::net::SocketAddr),
    ended: Option<oneshot::Receiver<()>>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        told(listener.local_addr()?);
        let listener = super::limit::Listener::new(listener, CONNECTIONS);
        let ended = async {
            match ended {
                Some(ended) => _ = ended.await,
                None => std::future::pending().await,
            }
        };
        let stop = async {
            tokio::select! {
                () = told_to_stop() => {}
                () = ended => {}
            }
        };
        axum::serve(listener, site.router()).with_graceful_shutdown(stop).await
    })
}

/// Waits until the process is told to stop, from a keyboard or by whoever runs services.
async fn told_to_stop() {
    // If a signal cannot be listened for, the default stands: it ends the process.
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signal) => signal.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        let (mut interrupted, mut terminated) = (Box::pin(interrupted), Box::pin(terminated));
        std::future::poll_fn(|context| {
            if interrupted.as_mut().poll(context).is_ready() || terminated.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    }
    #[cfg(not(unix))]
    interrupted.await;
}

async fn checkpoint(State(site): State<Arc<Site>>) -> Response {
    // A head is the one thing that changes. (tlog-tiles: "text/plain; charset=utf-8".)
    file(&site, "checkpoint".to_string(), "text/plain; charset=utf-8", "no-cache").await
}

async fn tile(State(site): State<Arc<Site>>, Path(path): Path<String>) -> Response {
    let path = format!("tile/{path}");
    match Tile::parse(&path) {
        // A tile never changes: whoever has it may keep it.
        Ok(tile) => {
            let kept = "public, max-age=31536000, immutable";
            file(&site, tile.path(), "application/octet-stream", kept).await
        }
        Err(refusal) => (StatusCode::NOT_FOUND, format!("{refusal}\n")).into_response(),
    }
}

async fn file(site: &Site, name: String, kind: &'static str, kept: &'static str) -> Response {
    let Some(path) = site.files.as_ref().map(|files| files.join(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    match read {
        Ok(Ok(bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, kept),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                // Anyone may check a log from a page of their own.
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, bytes).into_response()
        }
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
            let text = format!("there is no {name} (yet): see /checkpoint for the size of the log\n");
            (StatusCode::NOT_FOUND, text).into_response()
        }
        Ok(Err(_)) | Err(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "the file cannot be read\n").into_response()
        }
    }
}

/// Both are hashed first, so that neither length nor place of a difference shows in the time taken.
fn same(token: &[u8; 32], given: &str) -> bool {
    let given: [u8; 32] = Sha256::digest(given.trim().as_bytes()).into();
    token.iter().zip(given).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// What a header says; nothing if it is not there.
fn word(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn add(State(site): State<Arc<Site>>, request: Request) -> Response {
    let Some(entrance) = &site.add else { return StatusCode::NOT_FOUND.into_response() };
    let given = word(request.headers(), header::AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
    // All are compared, so that the time taken does not tell which.
    let mut found = None;
    for pass in &entrance.passes {
        if same(&pass.token, given) {
            found = Some(pass);
        }
    }
    let Some(pass) = found else {
        let ask = [(header::WWW_AUTHENTICATE, "Bearer")];
        let text = "the header `Authorization: Bearer TOKEN` with this log's token is needed\n";
        return (StatusCode::UNAUTHORIZED, ask, text).into_response();
    };
    if !pass.entries.take(1.0) {
        return later("too many entries at a time; try again in a second\n");
    }
    // A source's own signed entries are told by their type; all else is an entry as it comes.
    let kind = word(request.headers(), header::CONTENT_TYPE).split(';').next().unwrap_or_default();
    if kind.trim().eq_ignore_ascii_case(delivery::MEDIA_TYPE) {
        let Ok(_room) = entrance.deliveries.try_acquire() else {
            return later("too many deliveries at a time; try again in a second\n");
        };
        return deliver(entrance, pass, request).await;
    }
    let bytes = match body(pass, request, BODY_MAX).await {
        Ok(bytes) => bytes,
        Err(response) => return response,
    };
    let door = entrance.door.clone();
    match tokio::task::spawn_blocking(move || door.append(bytes.to_vec())).await {
        Ok(Added::At(index)) => index.to_string().into_response(),
        Ok(Added::Waits) => {
            (StatusCode::ACCEPTED, "it is kept, and becomes a leaf at a beat of this log's rhythm\n")
                .into_response()
        }
        Ok(Added::Refused(why)) => (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response(),
        Ok(Added::Stopped(why)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The answer to a delivery is the receipt, also when it is refused; why, stands in a header, for people.
async fn deliver(entrance: &Entrance, pass: &Pass, request: Request) -> Response {
    let bytes = match body(pass, request, delivery::DELIVERY_MAX).await {
        Ok(bytes) => bytes,
        Err(response) => return response,
    };
    let door = entrance.door.clone();
    match tokio::task::spawn_blocking(move || door.deliver(&bytes)).await {
        Ok(Delivered::Answered { receipt, refused, slower }) => {
            let status = match (&refused, slower) {
                (None, _) => StatusCode::OK,
                (Some(_), true) => StatusCode::TOO_MANY_REQUESTS,
                (Some(_), false) => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let mut response = (status, [(header::CONTENT_TYPE, RECEIPT_TYPE)], receipt).into_response();
            if slower {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            if let Some(why) = refused.and_then(|why| HeaderValue::from_str(&why).ok()) {
                response.headers_mut().insert(REFUSED, why);
            }
            response
        }
        Ok(Delivered::Stopped(why)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The whole body, if it is not longer than that, and the token has not handed in too much.
async fn body(pass: &Pass, request: Request, most: usize) -> Result<Bytes, Response> {
    let bytes = axum::body::to_bytes(request.into_body(), most).await.map_err(|_| {
        let text = format!("the body is longer than {most} bytes, or breaks off\n");
        (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a body is far shorter than 2^52 bytes")]
    if !pass.bytes.take(bytes.len() as f64) {
        return Err(later("too many bytes at a time; try again in a second\n"));
    }
    Ok(bytes)
}

fn later(text: &'static str) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], text).into_response()
}

async fn add_checkpoint(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    if !site.cosigning.take(1.0) {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response();
    }
    let asked = tokio::task::spawn_blocking(move || {
        let desk = site.witness.as_ref()?;
        // A head is kept before its cosignature is given: a panic in between leaves nothing half-said.
        Some(desk.lock().unwrap_or_else(PoisonError::into_inner).ask(&body))
    });
    match asked.await {
        Ok(Some(said)) => {
            let status = StatusCode::from_u16(said.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, said.kind)], said.body).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn head(State(site): State<Arc<Site>>, Path(log): Path<String>) -> Response {
    let named = log.len() == 64 && log.bytes().all(|b| b.is_ascii_hexdigit());
    let found = tokio::task::spawn_blocking(move || {
        let desk = site.witness.as_ref().filter(|_| named)?;
        desk.lock().unwrap_or_else(PoisonError::into_inner).head(&log).ok().flatten()
    });
    match found.await {
        Ok(Some(note)) => {
            let headers =
                [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
            (headers, note).into_response()
        }
        Ok(None) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// How long a connection may wait for a byte, and how long it may live.
pub(super) const IDLE: Duration = Duration::from_secs(10);
/// See [`IDLE`].
pub(super) const LIFE: Duration = Duration::from_secs(60);
