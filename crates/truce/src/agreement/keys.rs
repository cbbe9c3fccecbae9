//! Every key of the agreement language, as a table: what the compiler knows is checked against it, and the JSON schema is
//! made from it.

use super::{
    About, Burden, CommitmentKind, CommitmentState, ConsequenceKind, Effect, Indicator, Late, Mode, Nature,
    ShownBy, SourceKind, Stance, Task, Test, What, When,
};
use crate::observation::{Act, Force, NoticeSort, Purpose, Target, Weapon};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in files.
    pub name: &'static str,
    /// What stands behind it.
    pub form: Form,
    /// Must it be there, whatever else stands in its part?
    pub needed: bool,
}

/// What can stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A text.
    Text,
    /// A short word by which other parts refer to this one, or by which this one refers to another.
    Code,
    /// True or false.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A distance with its unit.
    Length,
    /// A length of time with its unit.
    Duration,
    /// A day.
    Day,
    /// A moment.
    Moment,
    /// A moment, a day, limits, or "not known"; of an end also "open".
    Edge,
    /// A list of texts; one text counts as a list.
    Texts,
    /// One of some words.
    Word(fn() -> Vec<&'static str>),
    /// A list of such words.
    Words(fn() -> Vec<&'static str>),
    /// A part of its own, by its path.
    Part(&'static str),
    /// Any number of such parts.
    Parts(&'static str),
    /// Codes of parties, each with a code.
    Map,
}

/// One part of the file.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its path: the names of the parts around it and its own, with dots; empty for the file itself.
    pub path: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

const fn need(name: &'static str, form: Form) -> Key {
    Key { name, form, needed: true }
}

const fn may(name: &'static str, form: Form) -> Key {
    Key { name, form, needed: false }
}

macro_rules! words {
    ($class:ty) => {
        || <$class>::NAMES.iter().map(|(word, _)| *word).collect()
    };
}

use Form::{
    Code, Day, Duration, Edge, Flag, Length, Map, Moment, Number, Part as One, Parts, Text, Texts, Whole,
};
use Form::{Word, Words};

const WORDS: Key = may("words", Text);
const PARAPHRASE: [Key; 3] =
    [may("paraphrase", Text), may("paraphrase_uk", Text), may("paraphrase_ru", Text)];
const SOURCES: Key = need("sources", Texts);
const NAMES: Key = may("names", One("names"));

const PERSON: &[Key] =
    &[need("code", Code), need("name", Text), may("forms", Texts), NAMES, may("sources", Texts)];

const MEANS: Key = may("with", Words(words!(Weapon)));

/// The keys of a clause; in a reading all but the id may be left out, and more may be said.
macro_rules! clause {
    ($needed:ident $(, $more:expr)?) => {
        &[
            need("id", Code),
            $needed("title", Text),
            may("title_uk", Text),
            may("title_ru", Text),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            $needed("rule", Word(words!(Mode))),
            $needed("binds", Texts),
            $needed("acts", Words(words!(Act))),
            may("unsettled_acts", Words(words!(Act))),
            MEANS,
            may("systems", Texts),
            may("calibre_from", Number),
            may("calibre_over", Number),
            may("calibre_below", Number),
            may("calibre_to", Number),
            may("forces", Words(words!(Force))),
            may("against", Words(words!(Target))),
            may("list", Word(|| Vec::from(["not known"]))),
            may("where", Code),
            may("period", Parts("clause.period")),
            may("distance", Parts("clause.distance")),
            may("threshold", One("clause.threshold")),
            may("quantity", One("clause.quantity")),
            may("stage", Parts("clause.stage")),
            may("condition", Parts("condition")),
            may("over", Texts),
            may("except", Parts("clause.except")),
            may("standard", One("clause.standard")),
            $needed("sources", Texts),
            $($more,)?
        ]
    };
}

const EDGES: [Key; 5] =
    [may("from", Edge), may("to", Edge), may("lasts", Duration), may("clock", Text), may("extendable", Flag)];

/// Every part of a `terms.toml`.
pub const PARTS: &[Part] = &[
    Part {
        path: "",
        keys: &[
            need("id", Code),
            need("title", Text),
            may("title_uk", Text),
            may("title_ru", Text),
            need("language", Code),
            need("nature", Word(words!(Nature))),
            may("clock", Text),
            may("not_known", Texts),
            may("not_known_uk", Texts),
            may("not_known_ru", Texts),
            may("sites", Word(|| Vec::from(["not known"]))),
            may("site_radius", Length),
            need("standard", One("standard")),
            need("party", Parts("party")),
            may("guarantor", Parts("guarantor")),
            may("mediator", Parts("mediator")),
            may("third", Parts("third")),
            may("mechanism", Parts("mechanism")),
            need("source", Parts("source")),
            may("line", Parts("line")),
            may("zone", Parts("zone")),
            may("period", Parts("period")),
            may("event", Parts("event")),
            need("clause", Parts("clause")),
            may("reading", Parts("reading")),
            may("consequence", Parts("consequence")),
            may("position", Parts("position")),
            may("commitment", Parts("commitment")),
            may("phase", Parts("phase")),
        ],
    },
    Part {
        path: "standard",
        keys: &[need("occurred", Number), need("inside", Number), need("origin", Number)],
    },
    Part {
        path: "party",
        keys: &[
            need("code", Code),
            need("name", Text),
            may("forms", Texts),
            NAMES,
            need("stance", Word(words!(Stance))),
            may("clock", Text),
        ],
    },
    Part { path: "names", keys: &[may("en", One("name")), may("uk", One("name")), may("ru", One("name"))] },
    Part { path: "name", keys: &[need("name", Text), may("of", Text)] },
    Part { path: "guarantor", keys: PERSON },
    Part { path: "mediator", keys: PERSON },
    Part { path: "third", keys: PERSON },
    Part {
        path: "mechanism",
        keys: &[
            need("code", Code),
            need("name", Text),
            may("forms", Texts),
            NAMES,
            may("members", Texts),
            may("chair", Code),
            may("tasks", Words(words!(Task))),
            may("answer_within", Duration),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            may("sources", Texts),
        ],
    },
    Part {
        path: "source",
        keys: &[need("id", Code), need("url", Text), may("kind", Word(words!(SourceKind)))],
    },
    Part {
        path: "line",
        keys: &[
            need("id", Code),
            may("reference", Flag),
            may("from", Word(|| Vec::from(["held ground", "not known"]))),
            may("data", Code),
            may("date", Day),
            may("held_by", Code),
            may("across", Code),
            may("file", Text),
            may("left", Code),
            may("right", Code),
            may("note", Text),
            may("note_uk", Text),
            may("note_ru", Text),
            may("version", Parts("line.version")),
        ],
    },
    Part {
        path: "line.version",
        keys: &[
            need("since", Moment),
            may("from", Word(|| Vec::from(["held ground", "not known"]))),
            may("data", Code),
            may("date", Day),
            may("held_by", Code),
            may("across", Code),
            may("file", Text),
            may("left", Code),
            may("right", Code),
            may("note", Text),
            may("note_uk", Text),
            may("note_ru", Text),
        ],
    },
    Part {
        path: "zone",
        keys: &[
            need("id", Code),
            may("file", Text),
            may("line", Code),
            may("line_for", Map),
            may("sides", Texts),
            may("beyond", Length),
            may("within", Length),
            may("around", Code),
            may("fresh", Duration),
            may("sites", Words(words!(Target))),
        ],
    },
    Part { path: "period", keys: &EDGES },
    Part {
        path: "event",
        keys: &[
            need("date", Edge),
            may("clock", Text),
            need("what", Word(words!(What))),
            may("by", Texts),
            may("condition", Text),
            may("condition_uk", Text),
            may("condition_ru", Text),
            may("until", Edge),
            may("effect", Word(words!(Effect))),
            may("reading", Code),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            SOURCES,
        ],
    },
    Part { path: "clause", keys: clause!(need) },
    Part {
        path: "clause.period",
        keys: &[
            may("from", Edge),
            may("to", Edge),
            may("lasts", Duration),
            may("clock", Text),
            may("extendable", Flag),
            may("before_start", Duration),
            may("after_start", Duration),
        ],
    },
    Part {
        path: "clause.distance",
        keys: &[
            MEANS,
            may("systems", Texts),
            may("calibre_from", Number),
            may("calibre_over", Number),
            may("calibre_below", Number),
            may("calibre_to", Number),
            may("at_least", Length),
            may("own_range", Flag),
            need("line", Code),
            may("line_for", Map),
        ],
    },
    Part {
        path: "clause.threshold",
        keys: &[may("casualties", Whole), may("lasts_over", Duration), may("count_over", Whole)],
    },
    Part {
        path: "clause.quantity",
        keys: &[
            need("of", Text),
            may("of_uk", Text),
            may("of_ru", Text),
            may("at_least", Whole),
            may("at_most", Whole),
            need("per", Duration),
        ],
    },
    Part {
        path: "clause.stage",
        keys: &[
            need("id", Code),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            may("binds", Texts),
            may("due", Edge),
            may("within", Duration),
            may("after", Code),
            may("daily", Text),
            may("about", Word(words!(About))),
            may("shown_by", Word(words!(ShownBy))),
            may("notice_to", Code),
            may("only_if", Text),
            may("only_if_uk", Text),
            may("only_if_ru", Text),
        ],
    },
    Part {
        path: "clause.except",
        keys: &[
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            may("acts", Words(words!(Act))),
            MEANS,
            may("against", Words(words!(Target))),
            may("forces", Words(words!(Force))),
            may("condition", Parts("condition")),
            may("burden", Word(words!(Burden))),
        ],
    },
    Part {
        path: "condition",
        keys: &[
            need("id", Code),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            need("kind", Word(words!(Test))),
            may("acts", Words(words!(Act))),
            may("within", Duration),
            may("near", Length),
            may("notice", Word(words!(NoticeSort))),
            may("to", Code),
            may("when", Word(words!(When))),
            may("outcome", Word(|| Vec::from(["failed"]))),
            may("purposes", Words(words!(Purpose))),
            may("ahead", Duration),
            may("late", Word(words!(Late))),
        ],
    },
    Part {
        path: "clause.standard",
        keys: &[may("occurred", Number), may("inside", Number), may("origin", Number)],
    },
    Part {
        path: "reading",
        keys: &[
            need("id", Code),
            need("holder", Code),
            SOURCES,
            may("clock", Text),
            may("period", Parts("period")),
            may("clause", Parts("reading.clause")),
        ],
    },
    Part { path: "reading.clause", keys: clause!(may, may("absent", Flag)) },
    Part {
        path: "consequence",
        keys: &[
            need("id", Code),
            need("kind", Word(words!(ConsequenceKind))),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            may("reading", Code),
            may("on", Texts),
            may("judged_by", Code),
            SOURCES,
        ],
    },
    Part {
        path: "position",
        keys: &[
            need("party", Code),
            may("speaker", Text),
            may("speaker_uk", Text),
            may("speaker_ru", Text),
            may("office", Text),
            may("office_uk", Text),
            may("office_ru", Text),
            may("date", Day),
            need("stance", Word(words!(Stance))),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            SOURCES,
        ],
    },
    Part {
        path: "commitment",
        keys: &[
            need("id", Code),
            need("by", Code),
            need("kind", Word(words!(CommitmentKind))),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            SOURCES,
            need("state", Parts("commitment.state")),
        ],
    },
    Part {
        path: "commitment.state",
        keys: &[
            need("date", Edge),
            need("state", Word(words!(CommitmentState))),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            SOURCES,
        ],
    },
    Part {
        path: "phase",
        keys: &[
            need("id", Code),
            need("title", Text),
            may("title_uk", Text),
            may("title_ru", Text),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            may("after", Texts),
            SOURCES,
            may("gate", Parts("phase.gate")),
        ],
    },
    Part {
        path: "phase.gate",
        keys: &[
            need("id", Code),
            WORDS,
            PARAPHRASE[0],
            PARAPHRASE[1],
            PARAPHRASE[2],
            need("indicator", Word(words!(Indicator))),
            may("clauses", Texts),
            may("at_most", Whole),
            may("at_least", Number),
            need("window", Duration),
            may("coverage", Number),
            need("authority", Code),
            need("then", Text),
            may("then_uk", Text),
            may("then_ru", Text),
            may("otherwise", Text),
            may("otherwise_uk", Text),
            may("otherwise_ru", Text),
            may("appeal", Text),
            may("appeal_uk", Text),
            may("appeal_ru", Text),
        ],
    },
];

/// The JSON schema (draft 2020-12) of a `terms.toml`, as text with a line end.
pub fn schema() -> String {
    let parts: Vec<String> = PARTS
        .iter()
        .filter(|part| !part.path.is_empty())
        .map(|part| format!("    \"{}\": {}", part.path, object(part)))
        .collect();
    let root = PARTS.iter().find(|part| part.path.is_empty()).map_or(String::new(), object);
    let root = root.trim_start_matches('{');
    format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"An agreement of Truceline: \
         terms.toml\",\n  \"$defs\": {{\n{}\n  }},{root}\n",
        parts.join(",\n")
    )
}

fn object(part: &Part) -> String {
    let properties: Vec<String> =
        part.keys.iter().map(|key| format!("\"{}\": {}", key.name, value(key.form))).collect();
    let needed: Vec<String> =
        part.keys.iter().filter(|key| key.needed).map(|key| format!("\"{}\"", key.name)).collect();
    let needed =
        if needed.is_empty() { String::new() } else { format!(", \"required\": [{}]", needed.join(", ")) };
    format!(
        "{{ \"type\": \"object\", \"additionalProperties\": false{needed}, \"properties\": {{ {} }} }}",
        properties.join(", ")
    )
}

fn value(form: Form) -> String {
    let of_words = |words: fn() -> Vec<&'static str>| {
        let words: Vec<String> = words().into_iter().map(|word| format!("\"{word}\"")).collect();
        format!("{{ \"enum\": [{}] }}", words.join(", "))
    };
    let several =
        |item: &str| format!("{{ \"oneOf\": [ {item}, {{ \"type\": \"array\", \"items\": {item} }} ] }}");
    match form {
        Form::Text => "{ \"type\": \"string\", \"minLength\": 1 }".to_string(),
        Form::Code => "{ \"type\": \"string\", \"pattern\": \"^[\\\\p{L}\\\\p{N}_.-]+$\" }".to_string(),
        Form::Flag => "{ \"type\": \"boolean\" }".to_string(),
        Form::Whole => "{ \"type\": \"integer\" }".to_string(),
        Form::Number => "{ \"type\": \"number\" }".to_string(),
        Form::Length => "{ \"type\": \"string\", \"pattern\": \"^[0-9.]+ ?(km|m|nm)$\" }".to_string(),
        Form::Duration => {
            "{ \"type\": \"string\", \"pattern\": \"^[0-9.]+ ?(s|min|h|hour|hours|d|day|days)$\" }".to_string()
        }
        // TOML has dates and times of its own, which tools show as texts.
        Form::Day => "{ \"type\": \"string\", \"format\": \"date\" }".to_string(),
        Form::Moment => "{ \"type\": \"string\" }".to_string(),
        Form::Edge => {
            "{ \"oneOf\": [ { \"type\": \"string\" }, { \"type\": \"object\", \"additionalProperties\": false, \
             \"required\": [\"not_before\"], \"properties\": { \"not_before\": { \"type\": \"string\" }, \"not_after\": \
             { \"type\": \"string\" } } } ] }"
                .to_string()
        }
        Form::Texts => several("{ \"type\": \"string\", \"minLength\": 1 }"),
        Form::Word(words) => of_words(words),
        Form::Words(words) => several(&of_words(words)),
        Form::Part(path) => format!("{{ \"$ref\": \"#/$defs/{path}\" }}"),
        Form::Parts(path) => format!("{{ \"type\": \"array\", \"items\": {{ \"$ref\": \"#/$defs/{path}\" }} }}"),
        Form::Map => {
            "{ \"type\": \"object\", \"additionalProperties\": { \"type\": \"string\" } }".to_string()
        }
    }
}
