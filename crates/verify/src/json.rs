//! What is shown of a leaf, as the JSON of an opening file.

use crate::field::{Field, ItemView, LIST_MAX, Opening, Salted, Scalar, Token, Value, View};
use crate::{Hash, Refusal, text};
use serde_json::{Map, Value as Json, json};
use std::collections::HashSet;

/// Bytes of an opening file, at most.
pub const OPENINGS_MAX: usize = 16 << 20;

fn scalar_to(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Int(value) => json!({ "int": value }),
        Scalar::Token(token) => json!({ "token": token.as_str() }),
        Scalar::Hash(hash) => json!({ "hash": text::hex(hash) }),
        Scalar::Signature(signature) => json!({ "signature": text::hex(signature) }),
    }
}

fn opening_to(opening: &Opening) -> Json {
    let value = match &opening.salted.field.value {
        Value::One(scalar) => scalar_to(scalar),
        Value::List(scalars) => json!({ "list": scalars.iter().map(scalar_to).collect::<Vec<_>>() }),
    };
    json!({
        "label": opening.salted.field.label.as_str(),
        "value": value,
        "salt": text::hex(&opening.salted.salt),
        "place": opening.place,
        "path": opening.path.iter().map(|hash| text::hex(hash)).collect::<Vec<_>>(),
    })
}

/// An opening file: `{"version":1,"fields":[...],"items":[...]}`, with a newline at its end.
pub fn write(view: &View) -> String {
    let fields = |openings: &[Opening]| openings.iter().map(opening_to).collect::<Vec<_>>();
    let item = |item: &ItemView| {
        json!({
            "number": item.number,
            "path": item.path.iter().map(|hash| text::hex(hash)).collect::<Vec<_>>(),
            "fields": fields(&item.fields),
        })
    };
    let items: Vec<_> = view.items.iter().map(item).collect();
    let mut file = json!({ "version": 1, "fields": fields(&view.fields), "items": items }).to_string();
    file.push('\n');
    file
}

fn bad(why: &str) -> Refusal {
    Refusal::unreadable(format!("not an opening file: {why}"))
}

fn object<'a>(json: &'a Json, keys: &[&str]) -> Result<&'a Map<String, Json>, Refusal> {
    let object = json.as_object().ok_or_else(|| bad("an object is missing"))?;
    if object.len() == keys.len() && keys.iter().all(|key| object.contains_key(*key)) {
        Ok(object)
    } else {
        Err(bad(&format!("an object has not exactly the keys {}", keys.join(", "))))
    }
}

fn array<'a>(json: &'a Json, what: &str) -> Result<&'a [Json], Refusal> {
    json.as_array().map(Vec::as_slice).ok_or_else(|| bad(&format!("`{what}` is not a list")))
}

fn fixed<const N: usize>(json: &Json, what: &str) -> Result<[u8; N], Refusal> {
    let bytes = json.as_str().and_then(text::from_hex).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| bad(&format!("`{what}` is not {N} bytes in hexadecimal")))
}

fn path(json: &Json) -> Result<Vec<Hash>, Refusal> {
    let hashes = array(json, "path")?;
    if hashes.len() > 16 {
        return Err(bad("a path is too long"));
    }
    hashes.iter().map(|hash| fixed(hash, "path")).collect()
}

fn small(json: &Json, what: &str) -> Result<u16, Refusal> {
    json.as_u64()
        .and_then(|n| u16::try_from(n).ok())
        .ok_or_else(|| bad(&format!("`{what}` is not a small number")))
}

fn scalar(json: &Json) -> Result<Scalar, Refusal> {
    let one = json.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match one.map(|(kind, value)| (kind.as_str(), value)) {
        Some(("int", value)) => {
            value.as_i64().map(Scalar::Int).ok_or_else(|| bad("`int` is not a whole number"))
        }
        Some(("token", value)) => {
            Token::new(value.as_str().ok_or_else(|| bad("`token` is not a word"))?).map(Scalar::Token)
        }
        Some(("hash", value)) => fixed(value, "hash").map(Scalar::Hash),
        Some(("signature", value)) => fixed(value, "signature").map(Scalar::Signature),
        _ => Err(bad("a value is not one of int, token, hash, signature and list")),
    }
}

fn opening(json: &Json) -> Result<Opening, Refusal> {
    let object = object(json, &["label", "value", "salt", "place", "path"])?;
    let label = Token::new(object["label"].as_str().ok_or_else(|| bad("`label` is not a word"))?)?;
    let value = match object["value"]
        .as_object()
        .filter(|value| value.len() == 1)
        .and_then(|value| value.get("list"))
    {
        Some(list) => {
            let list = array(list, "list")?;
            if list.len() > LIST_MAX {
                return Err(bad("a list is too long"));
            }
            Value::List(list.iter().map(scalar).collect::<Result<_, _>>()?)
        }
        None => Value::One(scalar(&object["value"])?),
    };
    Ok(Opening {
        salted: Salted { field: Field { label, value }, salt: fixed(&object["salt"], "salt")? },
        place: small(&object["place"], "place")?,
        path: path(&object["path"])?,
    })
}

/// Reads JSON in which no object has a key twice: two readers could take different ones.
///
/// # Errors
/// Why it is not such JSON.
pub(crate) fn strict(bytes: &[u8]) -> Result<Json, String> {
    let json: Json = serde_json::from_slice(bytes).map_err(|why| format!("it is not JSON: {why}"))?;
    // It is well formed now, so a pass over quotes and braces finds the keys.
    let mut open: Vec<Option<HashSet<String>>> = Vec::new();
    let (mut at, mut key) = (0, false);
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' => open.push(Some(HashSet::new())),
            b'[' => open.push(None),
            b'}' | b']' => _ = open.pop(),
            b'"' => {
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                if let (true, Some(Some(keys))) = (key, open.last_mut()) {
                    let quoted = bytes.get(start..at).unwrap_or_default();
                    let name: String = serde_json::from_slice(quoted).map_err(|why| why.to_string())?;
                    if let Some(twice) = keys.replace(name) {
                        return Err(format!("the key `{}` stands twice in it", text::shown(&twice)));
                    }
                }
            }
            _ => {}
        }
        key = match byte {
            b'{' => true,
            b',' => matches!(open.last(), Some(Some(_))),
            byte if byte.is_ascii_whitespace() => key,
            _ => false,
        };
    }
    Ok(json)
}

/// Reads an opening file. This checks nothing against a leaf.
///
/// # Errors
/// [`crate::Means::Unreadable`] when it is not one.
pub fn read(bytes: &[u8]) -> Result<View, Refusal> {
    if bytes.len() > OPENINGS_MAX {
        return Err(bad("it is larger than 16 MiB"));
    }
    let file = strict(bytes).map_err(|why| bad(&why))?;
    let file = object(&file, &["version", "fields", "items"])?;
    if file["version"].as_u64() != Some(1) {
        return Err(bad("it is of another version than 1"));
    }
    let openings = |json: &Json| array(json, "fields")?.iter().map(opening).collect::<Result<Vec<_>, _>>();
    let item = |json: &Json| {
        let item = object(json, &["number", "path", "fields"])?;
        Ok(ItemView {
            number: small(&item["number"], "number")?,
            path: path(&item["path"])?,
            fields: openings(&item["fields"])?,
        })
    };
    Ok(View {
        fields: openings(&file["fields"])?,
        items: array(&file["items"], "items")?.iter().map(item).collect::<Result<_, Refusal>>()?,
    })
}
