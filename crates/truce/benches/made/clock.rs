//! What a benchmark measures: seconds on the wall and on the CPUs, memory, and how busy the machine is.

use std::fs;
use std::time::Instant;

/// What some work took.
pub(crate) struct Took {
    /// Seconds on the wall.
    pub(crate) wall: f64,
    /// Seconds of CPU, of all threads, user and system; the system counts in ticks of 1/100 s.
    pub(crate) cpu: f64,
}

/// Does the work and takes the time.
#[expect(clippy::disallowed_methods, reason = "a benchmark has a clock")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Took, T) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let done = work();
    (Took { wall: start.elapsed().as_secs_f64(), cpu: cpu_seconds() - cpu }, done)
}

/// User and system time of this process so far; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// How many tasks wanted a CPU, over the last minute; this process is one or two of them.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_string()
}
