//! Who does the work: one worker here, threads in the shell. The result is the same.

/// Something that can apply a function to each part of a list, in any order, at once or one by one.
pub trait Workers {
    /// Apply `work` to every part.
    fn each<T: Send>(&self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync));
}

/// One after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct OneWorker;

impl Workers for OneWorker {
    fn each<T: Send>(&self, parts: &mut [T], work: &(impl Fn(&mut T) + Sync)) {
        parts.iter_mut().for_each(work);
    }
}
