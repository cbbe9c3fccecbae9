//! The reader of bundles: manifests of any bytes, and a whole folder made of the input, whose files are cut at lines
//! of the form `== path`. Nothing outside the folder is read, and nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::fs;
use verify::bundle;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(listed) = bundle::manifest(bytes) {
        assert!(listed.keys().all(|path| !path.contains("..") && !path.starts_with('/')));
    }
    let Ok(words) = str::from_utf8(bytes) else { return };
    if !words.starts_with("== ") {
        return;
    }
    let Ok(folder) = tempfile::tempdir() else { return };
    for part in words.split("== ").skip(1) {
        let Some((path, contents)) = part.split_once('\n') else { continue };
        if bundle::is_safe(path) {
            let path = folder.path().join(path);
            let _ = path.parent().map(fs::create_dir_all);
            let _ = fs::write(path, contents);
        }
    }
    assert!(bundle::check(folder.path(), None).is_err() || words.contains("quorum"));
});
