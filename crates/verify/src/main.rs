//! `truceline-verify`: checks a proof, a bundle, a log or a receipt, and says in plain words what it proves and what
//! it does not.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verify::bundle::{self, CheckedLeaf, utc};
use verify::field::{Opening, View};
use verify::keys::{Holder, KEYS_MAX, Keys};
use verify::leaf::Leaf;
use verify::log::{self, Content, read_file};
use verify::note::{NOTE_MAX, Note};
use verify::policy::{POLICY_MAX, Policy, Vouched};
use verify::proof::Proof;
use verify::receipt::{Outcome, Receipt};
use verify::{Hash, Refusal, checkpoint, json, merkle, text, tile};

const HELP: &str = "truceline-verify: checks what a Truceline record says of itself, offline

  truceline-verify proof   --policy FILE LEAF PROOF [--openings FILE] [--keys FILE]
  truceline-verify bundle  [--policy FILE] FOLDER
  truceline-verify log     --policy FILE FOLDER [--keys FILE] [--any]
  truceline-verify receipt --policy FILE RECEIPT [--leaf FILE [--proof FILE]] [--head FILE]
  truceline-verify fork    --policy FILE CHECKPOINT CHECKPOINT

FILE of --policy  which logs and witnesses you trust (c2sp.org/tlog-policy), as the mission published it
LEAF              a leaf as the log has it
PROOF             a .tlog-proof file (c2sp.org/tlog-proof)
--openings        the fields that you were shown of the leaf
--keys            public keys of the sources, to check who signed the leaves
--any             the entries of the log are not Truceline's: check hashes alone
--head            a checkpoint from after the deadline of the receipt

Ends with 0 when everything holds; 1 when something does not (NOT VERIFIED, NOT IN TIME); 2 when called wrongly; 3 when
what you hold proves that whoever has the log's keys misbehaved (BROKEN PROMISE, TWO HISTORIES).
";

/// Why a run did not end well.
enum Trouble {
    /// Called wrongly.
    Usage(String),
    /// Something does not hold.
    Not(Refusal),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Not(refusal)
    }
}

fn main() -> ExitCode {
    verify::pipe::end_when_closed();
    let arguments: Option<Vec<String>> =
        std::env::args_os().skip(1).map(|word| word.into_string().ok()).collect();
    let Some(arguments) = arguments else {
        eprintln!("A word on the command line is not UTF-8.\n\n{HELP}");
        return ExitCode::from(2);
    };
    let mut out = String::new();
    match run(&arguments, &mut out) {
        Ok(()) => {
            // A closed pipe is no reason to panic; the exit code still tells.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes());
            ExitCode::SUCCESS
        }
        // What was said so far is left out: nobody shall read half a verification as a whole one.
        Err(Trouble::Not(refusal)) => {
            eprintln!("{}: {refusal}", refusal.means.heading());
            ExitCode::from(if refusal.means.convicts() { 3 } else { 1 })
        }
        Err(Trouble::Usage(why)) => {
            eprintln!("{why}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

struct Arguments<'a> {
    options: BTreeMap<&'a str, &'a str>,
    plain: Vec<&'a str>,
}

impl<'a> Arguments<'a> {
    fn parse(words: &'a [String], known: &[&'a str], plain: usize) -> Result<Self, Trouble> {
        let mut parsed = Self { options: BTreeMap::new(), plain: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match known.iter().find(|option| *option == word) {
                Some(&"--any") => {
                    parsed.options.insert("--any", "");
                }
                Some(option) => {
                    let value =
                        words.next().ok_or_else(|| Trouble::Usage(format!("{option} takes a file")))?;
                    if parsed.options.insert(option, value).is_some() {
                        return Err(Trouble::Usage(format!("{option} stands twice")));
                    }
                }
                None if word.starts_with("--") => {
                    return Err(Trouble::Usage(format!("{} is not an option here", text::shown(word))));
                }
                None => parsed.plain.push(word),
            }
        }
        if parsed.plain.len() == plain {
            Ok(parsed)
        } else {
            Err(Trouble::Usage(format!("{plain} names are due here, and there are {}", parsed.plain.len())))
        }
    }

    fn file(&self, option: &str, most: usize) -> Result<Option<Vec<u8>>, Refusal> {
        self.options.get(option).map(|path| read_file(Path::new(path), most)).transpose()
    }

    fn policy(&self) -> Result<Option<Policy>, Refusal> {
        self.file("--policy", POLICY_MAX)?.map(|bytes| Policy::parse(&bytes)).transpose()
    }

    fn due_policy(&self) -> Result<Policy, Trouble> {
        self.policy()?.ok_or_else(|| {
            Trouble::Usage(
                "--policy is missing: without it nobody can say whose signatures count".to_string(),
            )
        })
    }

    fn keys(&self) -> Result<Keys, Refusal> {
        self.file("--keys", KEYS_MAX)?.map_or_else(|| Ok(Keys::default()), |bytes| Keys::parse(&bytes))
    }
}

fn run(words: &[String], out: &mut String) -> Result<(), Trouble> {
    let Some((command, rest)) = words.split_first() else {
        return Err(Trouble::Usage("What is to be checked?".to_string()));
    };
    match command.as_str() {
        "proof" => proof(&Arguments::parse(rest, &["--policy", "--openings", "--keys"], 2)?, out),
        "bundle" => bundle(&Arguments::parse(rest, &["--policy"], 1)?, out),
        "log" => log(&Arguments::parse(rest, &["--policy", "--keys", "--any"], 1)?, out),
        "receipt" => receipt(&Arguments::parse(rest, &["--policy", "--leaf", "--proof", "--head"], 1)?, out),
        "fork" => fork(&Arguments::parse(rest, &["--policy"], 2)?, out),
        "help" | "--help" | "-h" => {
            out.push_str(HELP);
            Ok(())
        }
        "--version" | "version" => {
            say(out, format!("truceline-verify {}", env!("CARGO_PKG_VERSION")));
            Ok(())
        }
        other => Err(Trouble::Usage(format!("`{}` is not something to check", text::shown(other)))),
    }
}

fn say(out: &mut String, line: impl AsRef<str>) {
    out.push_str(line.as_ref());
    out.push('\n');
}

/// Who vouches, in words.
fn seen_by(vouched: &Vouched) -> String {
    let witnesses: Vec<_> = vouched
        .witnesses
        .iter()
        .map(|(name, time)| match time {
            Some(time) => format!("{} at {}", text::shown(name), utc(*time)),
            None => format!("{} without a time", text::shown(name)),
        })
        .collect();
    let mut words = if witnesses.is_empty() {
        "by no witness: the policy asks for none, so the log could show others another history".to_string()
    } else {
        format!("as seen by {}", witnesses.join(", "))
    };
    if !vouched.missing.is_empty() {
        let missing: Vec<_> = vouched.missing.iter().map(|name| text::shown(name)).collect();
        words.push_str(&format!("; no cosignature from {}", missing.join(", ")));
    }
    words
}

fn head_in_words(out: &mut String, vouched: &Vouched) {
    say(out, format!("  log:      {}", text::shown(&vouched.checkpoint.origin)));
    say(
        out,
        format!(
            "  head:     {} leaves, root {}",
            vouched.checkpoint.size,
            text::base64(&vouched.checkpoint.root)
        ),
    );
    let log: Vec<_> = vouched.log.iter().map(|algorithm| algorithm.words()).collect();
    say(out, format!("  signed:   by the log ({}), {}", log.join(" and "), seen_by(vouched)));
}

fn before(vouched: &Vouched) -> String {
    match vouched.not_after {
        Some(time) => format!("by {} at the latest", utc(time)),
        None => "at a time that no quorum of witnesses states".to_string(),
    }
}

fn field_in_words(out: &mut String, opening: &Opening, indent: &str) {
    let value = &opening.salted.field.value;
    let label = opening.salted.field.label.as_str();
    let words = match (label, value.as_ints().as_deref()) {
        ("time.exact" | "time.hour" | "time.day", Some([start, end])) => {
            let at = |micros: &i64| {
                u64::try_from(micros.div_euclid(1_000_000)).map_or("before 1970".to_string(), utc)
            };
            format!("{} to {}", at(start), at(end))
        }
        ("place.1km" | "place.10km" | "place.50km", Some([west, south])) => {
            format!("cell with south-west corner lon {} lat {}", degrees(*west), degrees(*south))
        }
        ("place.exact", Some([lon, lat, ..])) => {
            format!("lon {} lat {} ({value})", degrees(*lon), degrees(*lat))
        }
        _ => value.to_string(),
    };
    say(out, format!("{indent}{label}: {words}"));
}

fn degrees(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:07}", value.unsigned_abs() / 10_000_000, value.unsigned_abs() % 10_000_000)
}

fn view_in_words(out: &mut String, view: &View) {
    for opening in view.fields.iter().filter(|opening| opening.salted.field.label.as_str() != "items") {
        field_in_words(out, opening, "    ");
    }
    for item in &view.items {
        say(out, format!("    item {}", item.number));
        item.fields.iter().for_each(|opening| field_in_words(out, opening, "      "));
    }
}

const NOT_PROVED: &str = "It does not prove:
  - that the statement is true, or that its source saw what it says;
  - that the source made it when it says: at most, that it was not made after a quorum of witnesses signed;
  - that nothing else is in the record about the same matter.";

fn holder_in_words(holder: Option<&Holder>) -> String {
    match holder {
        Some(Holder::Source(source, epoch)) => format!("signed by the source `{source}` (epoch {epoch})"),
        Some(Holder::Unnamed) => {
            "signed by a source whose key you hold, and whose name you were not given".to_string()
        }
        None => "the signature of its source was not checked, as you hold no key of it".to_string(),
    }
}

fn proof(arguments: &Arguments<'_>, out: &mut String) -> Result<(), Trouble> {
    let policy = arguments.due_policy()?;
    let entry = read_file(Path::new(arguments.plain[0]), tile::ENTRY_MAX)?;
    let proof = Proof::parse(&read_file(Path::new(arguments.plain[1]), NOTE_MAX)?)?;
    let vouched = proof.verify(&entry, &policy)?;
    let leaf = Leaf::parse(&entry);
    say(out, format!("VERIFIED: these {} bytes are leaf {} of the log.", entry.len(), proof.index));
    head_in_words(out, &vouched);
    match &leaf {
        Ok(leaf) => {
            let keys = arguments.keys()?.by_pseudonym();
            let holder = match keys.get(&leaf.pseudonym) {
                Some((public, holder)) => leaf.verify(public).map(|()| Some(holder))?,
                None => None,
            };
            say(
                out,
                format!("  leaf:     number {} of its source; {}", leaf.sequence, holder_in_words(holder)),
            );
            if let Some(file) = arguments.file("--openings", json::OPENINGS_MAX)? {
                let view = json::read(&file)?;
                view.verify(&leaf.root)?;
                say(out, "  of what the leaf commits to, you were shown, and it fits:");
                view_in_words(out, &view);
            }
        }
        Err(refusal) => {
            if arguments.options.contains_key("--openings") {
                return Err(refusal.clone().into());
            }
            say(out, "  leaf:     not one of Truceline's; only its bytes are proved");
        }
    }
    let others = match vouched.not_after {
        Some(_) => "whoever relies on the same witnesses finds it there",
        None => {
            "nobody but the log vouches for that: it could show others another history, or have made this head today"
        }
    };
    say(
        out,
        format!(
            "It proves: this statement was in the log of `{}` {}, and {others}.",
            text::shown(&vouched.checkpoint.origin),
            before(&vouched)
        ),
    );
    say(out, NOT_PROVED);
    if proof.extra.is_some() {
        say(out, "The proof carries extra data, which nothing vouches for and which was not used.");
    }
    Ok(())
}

fn bundle(arguments: &Arguments<'_>, out: &mut String) -> Result<(), Trouble> {
    let policy = arguments.policy()?;
    let checked = bundle::check(Path::new(arguments.plain[0]), policy.as_ref())?;
    say(
        out,
        format!(
            "VERIFIED: {} files ({} bytes) are as the manifests say, and {} leaves are proved.",
            checked.files,
            checked.bytes,
            checked.leaves.len()
        ),
    );
    for CheckedLeaf { index, holder, vouched, kind, view } in &checked.leaves {
        let kind = kind.map_or("a statement whose kind is not shown", |kind| kind.token());
        say(
            out,
            format!(
                "Leaf {index}: {kind}, {}; in the log {}",
                holder_in_words(holder.as_ref()),
                before(vouched)
            ),
        );
        head_in_words(out, vouched);
        view_in_words(out, view);
    }
    match checked.root {
        Some(root) => say(
            out,
            format!(
                "The names of sources hang on the root key {}: compare it with the one the mission published.",
                text::base64(&root)
            ),
        ),
        None => say(out, "No root key is named, so no source is."),
    }
    say(
        out,
        if checked.leaves.iter().all(|leaf| leaf.vouched.not_after.is_some()) {
            "It proves: these statements were in the log by the times given, and the fields shown are what they say."
        } else {
            "It proves: these statements are in the log that the log's keys signed, and the fields shown are what they say; \
             where no time stands, nobody but the log says since when."
        },
    );
    say(out, NOT_PROVED);
    say(
        out,
        "  - that files beside the leaves (below files/) come from the record: only that they are as the bundle was made.",
    );
    if checked.own_policy {
        say(
            out,
            "CAUTION: the policy used is the one in the bundle itself. Whoever made the bundle could have made the \
             policy too. Compare it with the one the mission published, or call again with --policy.",
        );
    }
    Ok(())
}

fn log(arguments: &Arguments<'_>, out: &mut String) -> Result<(), Trouble> {
    let policy = arguments.due_policy()?;
    let content = if arguments.options.contains_key("--any") { Content::Anything } else { Content::Leaves };
    let folder = PathBuf::from(arguments.plain[0]);
    let audit =
        log::check(&folder, &policy, &arguments.keys()?, content).map_err(|fault| match fault.leaf {
            Some(leaf) => fault.refusal.at(format!("leaf {leaf}")),
            None => fault.refusal,
        })?;
    let size = audit.vouched.checkpoint.size;
    say(
        out,
        format!("VERIFIED: all {size} leaves lead to the head that the log signed, and every tile agrees."),
    );
    head_in_words(out, &audit.vouched);
    if content == Content::Leaves {
        say(
            out,
            format!(
                "  sources:  {} pseudonyms, each with an unbroken chain from its first leaf; {} of {size} signatures \
                 checked with the keys at hand",
                audit.sources, audit.signatures
            ),
        );
    }
    say(
        out,
        "It proves: this is the whole log under that head, and no leaf of it was altered, dropped or moved since.",
    );
    say(
        out,
        "It does not prove:
  - that a statement is true, or what it says: the leaves tell nothing without their openings;
  - that everything observed was written to the log: compare the receipts that the sources hold;
  - that the log shows the same head to everybody: that is what the witnesses are for.",
    );
    Ok(())
}

fn receipt(arguments: &Arguments<'_>, out: &mut String) -> Result<(), Trouble> {
    let policy = arguments.due_policy()?;
    let note = |bytes: Vec<u8>| Note::parse(&bytes);
    let receipt = Receipt::open_by(&note(read_file(Path::new(arguments.plain[0]), NOTE_MAX)?)?, &policy)?;
    let leaf: Option<Hash> =
        arguments.file("--leaf", tile::ENTRY_MAX)?.map(|entry| merkle::leaf_hash(&entry));
    let origin = text::shown(&receipt.origin);
    say(out, format!("The receipt is genuine: the log `{origin}` signed it, dated {}.", utc(receipt.time)));
    let (first, deadline) = match &receipt.outcome {
        Outcome::Refused { reason } => {
            say(
                out,
                format!(
                    "VERIFIED: the log refused {} leaves, for the reason `{reason}`.",
                    receipt.leaves.len()
                ),
            );
            say(out, "It proves: the log was asked and said no. It does not prove that the reason is true.");
            return Ok(());
        }
        Outcome::Appended { first, deadline } => (*first, *deadline),
    };
    let last = first + receipt.leaves.len() as u64 - 1;
    say(out, format!("The log promised to include leaves {first} to {last} by {}.", utc(deadline)));
    // What convicts comes first; only then does it matter that the receipt says nothing of what was handed in with it.
    let mut stray = None;
    if let Some(leaf) = &leaf {
        match receipt.leaves.iter().position(|promised| promised == leaf) {
            Some(at) => say(out, format!("Your leaf is among them, at index {}.", first + at as u64)),
            None => {
                stray = Some(format!(
                    "your leaf is not among the leaves {first} to {last} of this receipt, which is genuine: it says \
                     nothing of your leaf"
                ));
            }
        }
    }
    if let Some(file) = arguments.file("--proof", NOTE_MAX)? {
        let leaf =
            leaf.ok_or_else(|| Trouble::Usage("--proof needs --leaf: the leaf that it proves".to_string()))?;
        let proof = Proof::parse(&file)?;
        if let Some(guilty) = receipt.against_proof(&proof, &leaf, &policy)? {
            return Err(guilty.into());
        }
        match receipt.promised(proof.index) {
            Some(_) => {
                say(out, format!("The promise was kept for leaf {}: the proof shows it there.", proof.index));
            }
            None => {
                stray.get_or_insert_with(|| {
                    format!(
                        "the proof is of leaf {}, and the receipt of leaves {first} to {last}",
                        proof.index
                    )
                });
            }
        }
    }
    if let Some(file) = arguments.file("--head", NOTE_MAX)? {
        if let Some(guilty) = receipt.against_head(&note(file)?, &policy)? {
            return Err(guilty.into());
        }
        say(
            out,
            "This head does not convict the log: it is large enough, or the log did not sign it after the deadline.",
        );
    }
    if let Some(what) = stray {
        return Err(Refusal::unproved(what).into());
    }
    say(out, "VERIFIED.");
    say(
        out,
        "It proves: the log gave this promise. A different leaf proved at one of these indices, or a head that is too small",
    );
    say(
        out,
        "and that the log itself signed after the deadline, would prove that it broke it. A head that is too small and",
    );
    say(
        out,
        "that its witnesses signed after the deadline would prove that the log was late, as an outage makes it too.",
    );
    say(out, "It does not prove, by itself, that the leaves were included: for that, ask for a proof.");
    Ok(())
}

fn fork(arguments: &Arguments<'_>, out: &mut String) -> Result<(), Trouble> {
    let policy = arguments.due_policy()?;
    let read = |at: usize| Note::parse(&read_file(Path::new(arguments.plain[at]), NOTE_MAX)?);
    let (one, other) = (read(0)?, read(1)?);
    if one.text == other.text {
        return Err(
            Refusal::unproved("both files hold one and the same head: two are needed to compare").into()
        );
    }
    let keys: Vec<_> = policy.logs().iter().map(|log| &log.key).collect();
    if let Some(guilty) = checkpoint::fork(&one, &other, &keys)? {
        return Err(guilty.into());
    }
    say(
        out,
        "NOT CONTRADICTED: the log signed both checkpoints, and by themselves they do not contradict each other.",
    );
    say(
        out,
        "It does not prove: that one continues the other. For heads of different size ask the log for a consistency \
         proof, or check both against the whole log.",
    );
    Ok(())
}
