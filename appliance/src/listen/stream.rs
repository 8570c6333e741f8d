//! A connection's bytes with the clock in hand: who says nothing, says it too slowly, or takes no answer is cut.
//!
//! hyper has one timer, for the header, and it runs between requests, too; this one knows the two apart. It also
//! holds the connection's place, so that a WebSocket counts against the limits for as long as it lives.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::Timers;
use super::admission::{ConnectionInfo, Phase};

/// A stream that ends with [`io::ErrorKind::TimedOut`] when the other end is too slow.
pub(super) struct Timed<S> {
    stream: S,
    connection: ConnectionInfo,
    timers: Timers,
    /// By when something has to arrive; `None` while a request is answered, and after an upgrade.
    read_by: Option<Instant>,
    /// Requests that had been answered when it was last looked at.
    answered: u32,
    /// Whether some of a header has arrived.
    is_in_header: bool,
    read_timer: Option<Pin<Box<Sleep>>>,
    /// Runs while the other end takes nothing.
    write_timer: Option<Pin<Box<Sleep>>>,
}

impl<S> Timed<S> {
    /// The first header has to be there in the header's time.
    pub(super) fn new(stream: S, connection: ConnectionInfo, timers: Timers) -> Self {
        let read_by = Some(Instant::now() + timers.header);
        Self {
            stream,
            connection,
            timers,
            read_by,
            answered: 0,
            is_in_header: true,
            read_timer: None,
            write_timer: None,
        }
    }

    fn note_read(&mut self, bytes: usize) {
        if self.connection.phase() != Phase::Waiting {
            self.read_by = None;
            return;
        }
        let answered = self.connection.answered();
        if self.answered != answered {
            self.answered = answered;
            self.is_in_header = false;
            self.read_by = Some(Instant::now() + self.timers.idle);
        }
        if bytes > 0 && !self.is_in_header {
            self.is_in_header = true;
            self.read_by = Some(Instant::now() + self.timers.header);
        }
    }

    fn poll_read_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(read_by) = self.read_by else {
            self.read_timer = None;
            return Poll::Pending;
        };
        let timer = self.read_timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(read_by)));
        if timer.deadline() != read_by {
            timer.as_mut().reset(read_by);
        }
        timer.as_mut().poll(context)
    }

    /// Passes on what a write says, and cuts it when nothing was taken for too long.
    fn watch_write<T>(
        &mut self,
        context: &mut Context<'_>,
        write: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let limit: Duration = self.timers.write;
        if write.is_ready() {
            self.write_timer = None;
            // Whoever takes a long answer is not idle.
            if self.read_by.is_some() && !self.is_in_header {
                self.read_by = Some(Instant::now() + self.timers.idle);
            }
            return write;
        }
        let timer = self.write_timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        this.note_read(buffer.filled().len() - before);
        if read.is_ready() {
            return read;
        }
        ready!(this.poll_read_timer(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let write = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.watch_write(context, write)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let write = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.watch_write(context, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flush = Pin::new(&mut this.stream).poll_flush(context);
        this.watch_write(context, flush)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shutdown = Pin::new(&mut this.stream).poll_shutdown(context);
        this.watch_write(context, shutdown)
    }
}
