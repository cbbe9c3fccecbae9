//! Files that are written whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file on its way: beside its place until it is whole.
pub(super) struct Whole {
    file: BufWriter<fs::File>,
    /// Where it is written, and where it goes; `None` where it cannot be exchanged (a pipe, a device).
    road: Option<(PathBuf, PathBuf)>,
    name: PathBuf,
}

impl Whole {
    /// Begins a file at `path`.
    ///
    /// # Errors
    /// A text for a person.
    pub(super) fn new(path: &Path) -> Result<Self, String> {
        let cannot = |e: io::Error| format!("{}: cannot be written ({e}); check the path", path.display());
        let to = place(path).map_err(cannot)?;
        if fs::metadata(&to).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
            let file = fs::OpenOptions::new().write(true).open(&to).map_err(cannot)?;
            return Ok(Self { file: BufWriter::new(file), road: None, name: path.to_owned() });
        }
        if to.is_dir() {
            return Err(format!("{}: is a folder; name a file in it", path.display()));
        }
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let part = to.with_file_name(name);
        let file = fs::File::create(&part).map_err(cannot)?;
        Ok(Self { file: BufWriter::new(file), road: Some((part, to)), name: path.to_owned() })
    }

    /// Writes on.
    ///
    /// # Errors
    /// A text for a person.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.file.write_all(bytes).map_err(|e| self.cannot(&e))
    }

    /// Everything is there: puts the file in its place.
    ///
    /// # Errors
    /// A text for a person; then nothing is in its place, or what was there before.
    pub(super) fn put(mut self) -> Result<(), String> {
        self.file.flush().map_err(|e| self.cannot(&e))?;
        let Some((part, to)) = self.road.take() else { return Ok(()) };
        let done = self.file.get_ref().sync_all().and_then(|()| fs::rename(&part, &to));
        done.map_err(|e| {
            let _ = fs::remove_file(&part);
            self.cannot(&e)
        })
    }

    fn cannot(&self, e: &io::Error) -> String {
        format!("{}: cannot be written ({e}); nothing was put there", self.name.display())
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.road {
            let _ = fs::remove_file(part);
        }
    }
}

/// Where a path leads, whether or not there is a file yet; folders on the way are made.
fn place(path: &Path) -> io::Result<PathBuf> {
    if let Ok(place) = fs::canonicalize(path) {
        return Ok(place);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let name = path.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
    // A link that leads nowhere yet.
    match fs::read_link(path) {
        Ok(link) => Ok(folder.join(link)),
        Err(_) => Ok(fs::canonicalize(folder)?.join(name)),
    }
}

/// No file is written twice, and none that is read.
///
/// # Errors
/// A text for a person.
pub(super) fn apart(inputs: &[&Path], outputs: &[&Path]) -> Result<(), String> {
    for (n, output) in outputs.iter().enumerate() {
        let cannot = |e: io::Error| format!("{}: cannot be written ({e}); check the path", output.display());
        let to = place(output).map_err(cannot)?;
        let same = |other: &&&Path| place(other).is_ok_and(|place| place == to);
        if let Some(input) = inputs.iter().find(same) {
            return Err(format!(
                "{}: is the input {}, which would be lost; name another file",
                output.display(),
                input.display()
            ));
        }
        let device = fs::metadata(&to).is_ok_and(|it| !it.is_file());
        if !device && outputs[..n].iter().any(|other| same(&other)) {
            return Err(format!("{}: two results cannot go to one file; name another", output.display()));
        }
    }
    Ok(())
}
