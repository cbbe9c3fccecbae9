//! What one server does at a time, and for how long: against those who ask too much, or too slowly.

use super::serve::{IDLE, LIFE};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

/// So many a second, and so many at once.
pub(super) struct Rate {
    a_second: f64,
    most: f64,
    left: Mutex<(f64, Instant)>,
}

impl Rate {
    pub(super) fn new(a_second: u32, most: u32) -> Self {
        let most = f64::from(most);
        Self { a_second: f64::from(a_second), most, left: Mutex::new((most, Instant::now())) }
    }

    /// May so much more pass now? What is more than ever passes at once, passes when nothing was taken for a while.
    pub(super) fn take(&self, much: f64) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let gained = now.duration_since(left.1).as_secs_f64() * self.a_second;
        *left = ((left.0 + gained).min(self.most), now);
        if left.0 < much.min(self.most) {
            return false;
        }
        left.0 -= much;
        true
    }
}

/// Accepts connections while there is room for them.
pub(super) struct Listener {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Listener {
    pub(super) fn new(listener: TcpListener, most: usize) -> Self {
        Self { listener, room: Arc::new(Semaphore::new(most)) }
    }
}

impl axum::serve::Listener for Listener {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        let room = self.room.clone().acquire_owned().await.expect("the semaphore is never closed");
        let (stream, from) = axum::serve::Listener::accept(&mut self.listener).await;
        let sleep = |for_so_long| Box::pin(tokio::time::sleep(for_so_long));
        (Stream { stream, idle: sleep(IDLE), life: sleep(LIFE), _room: room }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when nothing comes or goes for [`IDLE`], and after [`LIFE`] whatever comes.
pub(super) struct Stream {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    life: Pin<Box<Sleep>>,
    _room: OwnedSemaphorePermit,
}

impl Stream {
    /// The same, unless it took too long.
    fn in_time<T>(&mut self, context: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            let next = tokio::time::Instant::now() + IDLE;
            self.idle.as_mut().reset(next);
        }
        let over = self.life.as_mut().poll(context).is_ready();
        if over || (done.is_pending() && self.idle.as_mut().poll(context).is_ready()) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        done
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.in_time(context, done)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(context);
        self.in_time(context, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
