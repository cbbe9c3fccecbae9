//! Threads of the standard library for both crates; the result is that of one.

/// So many threads.
#[derive(Clone, Copy, Debug)]
pub struct Threads(pub usize);

impl Threads {
    /// Does `work` on every part; the parts are shared out in stretches.
    pub(crate) fn on_each<T: Send>(self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        if self.0 <= 1 || parts.len() <= 1 {
            return parts.iter_mut().for_each(work);
        }
        let share = parts.len().div_ceil(self.0);
        std::thread::scope(|scope| {
            for chunk in parts.chunks_mut(share) {
                scope.spawn(move || chunk.iter_mut().for_each(work));
            }
        });
    }
}

impl track::Workers for Threads {
    fn each<T: Send>(&self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        self.on_each(parts, work);
    }
}
