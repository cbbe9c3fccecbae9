//! Salted fields: what a statement says, committed to under one root, so that any part of it can be shown alone.
//!
//! Each field is a label and a value. Its commitment is a hash over both and 32 random bytes, its salt: without the
//! salt nobody can try values, with it anybody can check the one field. The root is a Merkle root over the sorted
//! commitments and decoys that fill the tree, so that neither the number nor the order of the fields can be read from
//! it. **No value can hold free text**: numbers, tokens of a narrow alphabet and hashes are all there is ([`Value`]).

use crate::cbor::{Decoder, Encoder, Next};
use crate::{Hash, Refusal, merkle, text};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;

/// Places in the tree of a statement.
pub const FIELDS: usize = 32;
/// Places in the tree of an item: the least of these that holds the widest item of its batch.
pub const ITEM_FIELDS: [usize; 3] = [4, 8, 16];
/// Items in a batch, at most.
pub const ITEMS: usize = 500;
/// Places in the tree of items.
pub const ITEM_PLACES: usize = 512;
/// The label of the field that holds the root over the items of a batch.
pub const ITEMS_LABEL: &str = "items";
/// The label of the field that holds the kind of the statement.
pub const KIND_LABEL: &str = "kind";
/// Values in a list, at most.
pub const LIST_MAX: usize = 64;

/// Before the CBOR under a commitment, so that nothing else that is hashed can be taken for a field.
const FIELD_DOMAIN: &[u8] = b"truceline-field-1\n";

/// A word of a narrow alphabet: a lowercase letter or digit, then up to 63 of these, dots, slashes, hyphens and underscores.
/// Enough for labels, kinds and identifiers, and too little for a sentence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Token(String);

impl Token {
    /// From text.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not such a word.
    pub fn new(word: &str) -> Result<Self, Refusal> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let first = word.bytes().next().is_some_and(plain);
        if first
            && word.len() <= 64
            && word.bytes().all(|b| plain(b) || matches!(b, b'.' | b'/' | b'-' | b'_'))
        {
            Ok(Self(word.to_string()))
        } else {
            Err(Refusal::unreadable(format!(
                "`{}` is not a token: at most 64 of a-z, 0-9, dot, slash, hyphen and underscore, beginning with a \
                 letter or digit. Free text does not enter the record; its hash may",
                text::shown(word)
            )))
        }
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One value that is not a list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scalar {
    /// A number in the unit that the label states.
    Int(i64),
    /// A word.
    Token(Token),
    /// A hash or a public key.
    Hash(Hash),
    /// A signature.
    Signature([u8; 64]),
}

/// What a field may hold. There is no variant for text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Value {
    /// One value.
    One(Scalar),
    /// Several, at most [`LIST_MAX`].
    List(Vec<Scalar>),
}

impl Value {
    /// A number.
    pub fn int(value: i64) -> Self {
        Self::One(Scalar::Int(value))
    }
    /// Numbers.
    pub fn ints(values: impl IntoIterator<Item = i64>) -> Self {
        Self::List(values.into_iter().map(Scalar::Int).collect())
    }
    /// A word.
    ///
    /// # Errors
    /// Those of [`Token::new`].
    pub fn token(word: &str) -> Result<Self, Refusal> {
        Token::new(word).map(|token| Self::One(Scalar::Token(token)))
    }
    /// A hash.
    pub fn hash(hash: Hash) -> Self {
        Self::One(Scalar::Hash(hash))
    }
    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::One(Scalar::Int(value)) => Some(*value),
            _ => None,
        }
    }
    /// The numbers, if all are.
    pub fn as_ints(&self) -> Option<Vec<i64>> {
        match self {
            Self::List(values) => values
                .iter()
                .map(|value| if let Scalar::Int(value) = value { Some(*value) } else { None })
                .collect(),
            Self::One(_) => None,
        }
    }
    /// The word, if it is one.
    pub fn as_token(&self) -> Option<&str> {
        match self {
            Self::One(Scalar::Token(token)) => Some(token.as_str()),
            _ => None,
        }
    }
    /// The hash, if it is one.
    pub fn as_hash(&self) -> Option<&Hash> {
        match self {
            Self::One(Scalar::Hash(hash)) => Some(hash),
            _ => None,
        }
    }
    /// The signature, if it is one.
    pub fn as_signature(&self) -> Option<&[u8; 64]> {
        match self {
            Self::One(Scalar::Signature(signature)) => Some(signature),
            _ => None,
        }
    }

    fn encode(&self, to: &mut Encoder) {
        let one = |to: &mut Encoder, scalar: &Scalar| {
            match scalar {
                Scalar::Int(value) => to.int(*value),
                Scalar::Token(token) => to.text(token.as_str()),
                Scalar::Hash(hash) => to.bytes(hash),
                Scalar::Signature(signature) => to.bytes(signature),
            };
        };
        match self {
            Self::One(scalar) => one(to, scalar),
            Self::List(scalars) => {
                to.array(scalars.len());
                scalars.iter().for_each(|scalar| one(to, scalar));
            }
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        fn one(from: &mut Decoder<'_>) -> Result<Scalar, Refusal> {
            match from.next()? {
                Next::Int => from.int().map(Scalar::Int),
                Next::Text => Token::new(from.text()?).map(Scalar::Token),
                Next::Bytes => {
                    let bytes = from.bytes()?;
                    bytes
                        .try_into()
                        .map(Scalar::Hash)
                        .or_else(|_| bytes.try_into().map(Scalar::Signature))
                        .map_err(|_| {
                            Refusal::unreadable(
                                "a value of bytes is a hash of 32 or a signature of 64, and this is neither",
                            )
                        })
                }
                Next::Array => Err(Refusal::unreadable("a list within a list")),
            }
        }
        match from.next()? {
            Next::Array => {
                let length = from.array(LIST_MAX)?;
                (0..length).map(|_| one(from)).collect::<Result<_, _>>().map(Self::List)
            }
            _ => one(from).map(Self::One),
        }
    }
}

/// For people: numbers, words, and hashes in hexadecimal.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |f: &mut fmt::Formatter<'_>, scalar: &Scalar| match scalar {
            Scalar::Int(value) => write!(f, "{value}"),
            Scalar::Token(token) => write!(f, "{token}"),
            Scalar::Hash(hash) => f.write_str(&text::hex(hash)),
            Scalar::Signature(signature) => f.write_str(&text::hex(signature)),
        };
        match self {
            Self::One(scalar) => one(f, scalar),
            Self::List(scalars) => scalars.iter().enumerate().try_for_each(|(number, scalar)| {
                f.write_str(if number > 0 { " " } else { "" })?;
                one(f, scalar)
            }),
        }
    }
}

/// A label and a value: one thing that a statement says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Field {
    /// What it is, such as `place.10km`.
    pub label: Token,
    /// What it says.
    pub value: Value,
}

impl Field {
    /// A field.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the label is no token or a list too long.
    pub fn new(label: &str, value: Value) -> Result<Self, Refusal> {
        match &value {
            Value::List(values) if values.len() > LIST_MAX => Err(Refusal::unreadable(format!(
                "the field `{}` lists {} values; at most {LIST_MAX} fit",
                text::shown(label),
                values.len()
            ))),
            _ => Ok(Self { label: Token::new(label)?, value }),
        }
    }
}

/// A field with its salt: whoever holds it can check it, and nobody else can guess it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Salted {
    /// The field.
    pub field: Field,
    /// Its salt.
    pub salt: Hash,
}

impl Salted {
    /// The commitment: SHA-256 over a zero byte (as for any leaf of RFC 6962), the domain `truceline-field-1\n`, and
    /// the deterministic CBOR of `[salt, label, value]`.
    pub fn commitment(&self) -> Hash {
        let mut to = Encoder::after(&[&[0], FIELD_DOMAIN]);
        to.array(3).bytes(&self.salt).text(self.field.label.as_str());
        self.field.value.encode(&mut to);
        Sha256::digest(to.finish()).into()
    }
}

/// Where the salts of one leaf come from: 32 random bytes, used for this leaf alone and **never kept**. Who keeps them
/// can open every field, also those that are erased.
pub struct Salts(zeroize::Zeroizing<Hash>);

impl Salts {
    /// From a seed. HKDF-SHA256 without salt, with the info `truceline-salts-1`, gives the key from which each salt is derived.
    pub fn from_seed(seed: &Hash) -> Self {
        let mut key = zeroize::Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, seed)
            .expand(b"truceline-salts-1", key.as_mut())
            .expect("32 bytes are within what HKDF gives");
        Self(key)
    }

    /// SHA-256 over key, purpose, item and number: one block, as there may be 2,000 salts in a batch.
    fn hash(&self, purpose: [u8; 4], item: u32, number: u32) -> Hash {
        derive(&self.0, purpose, item, number)
    }

    /// The salt of a field: `item` zero for the statement's own, else the number of the item plus one.
    fn salt(&self, item: u32, number: u32) -> Hash {
        self.hash(*b"salt", item, number)
    }

    /// What fills the place of a ciphertext hash when there is no ciphertext.
    pub(crate) fn blank(&self) -> Hash {
        self.hash(*b"none", 0, 0)
    }
}

impl fmt::Debug for Salts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salts(not shown)")
    }
}

fn derive(key: &Hash, purpose: [u8; 4], item: u32, number: u32) -> Hash {
    Sha256::new()
        .chain_update(key)
        .chain_update(purpose)
        .chain_update(item.to_be_bytes())
        .chain_update(number.to_be_bytes())
        .finalize()
        .into()
}

/// A field in the vault: open, or erased with its commitment left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kept {
    /// Value and salt are there.
    Open(Salted),
    /// Value and salt were erased; that they were there remains visible.
    Erased {
        /// What the field was.
        label: Token,
        /// Its commitment.
        commitment: Hash,
    },
}

impl Kept {
    /// What the field is.
    pub fn label(&self) -> &Token {
        match self {
            Self::Open(salted) => &salted.field.label,
            Self::Erased { label, .. } => label,
        }
    }

    /// Its commitment.
    pub fn commitment(&self) -> Hash {
        match self {
            Self::Open(salted) => salted.commitment(),
            Self::Erased { commitment, .. } => *commitment,
        }
    }
}

/// All openings of one leaf, as the vault keeps them: what is needed to show any part of it. Secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Openings {
    /// From which the decoys are derived.
    pad: Hash,
    fields: Vec<Kept>,
    items: Vec<Vec<Kept>>,
}

/// The least width for items of at most `fields` fields.
fn item_width(fields: usize) -> Option<usize> {
    ITEM_FIELDS.into_iter().find(|width| fields <= *width)
}

/// The root of a tree whose number of leaves is a power of two.
fn full_root(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        halve(&mut hashes);
    }
    hashes.pop().unwrap_or_else(merkle::empty_root)
}

/// The next level up, in place.
fn halve(hashes: &mut Vec<Hash>) {
    for at in 0..hashes.len() / 2 {
        hashes[at] = merkle::node_hash(&hashes[2 * at], &hashes[2 * at + 1]);
    }
    hashes.truncate(hashes.len() / 2);
}

/// The path from a leaf of such a tree to its root.
fn full_path(mut hashes: Vec<Hash>, mut at: usize) -> Vec<Hash> {
    let mut path = Vec::new();
    while hashes.len() > 1 {
        path.push(hashes[at ^ 1]);
        halve(&mut hashes);
        at >>= 1;
    }
    path
}

/// The root to which a path leads from leaf `at`; `None` when `at` is beyond such a tree.
fn led_to(leaf: Hash, at: usize, path: &[Hash]) -> Option<Hash> {
    if path.len() >= 16 || at >> path.len() != 0 {
        return None;
    }
    Some(path.iter().enumerate().fold(leaf, |hash, (level, beside)| {
        if at >> level & 1 == 0 { merkle::node_hash(&hash, beside) } else { merkle::node_hash(beside, &hash) }
    }))
}

impl Openings {
    /// Salts the fields of a statement and of its items.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when there are too many fields or items, a label stands twice, or `items` is used
    /// as a label.
    pub(crate) fn seal(fields: Vec<Field>, items: Vec<Vec<Field>>, salts: &Salts) -> Result<Self, Refusal> {
        if items.len() > ITEMS {
            return Err(Refusal::unreadable(format!(
                "{} items in a batch; at most {ITEMS} fit",
                items.len()
            )));
        }
        let widest = items.iter().map(Vec::len).max().unwrap_or(0);
        if item_width(widest).is_none() {
            return Err(Refusal::unreadable(format!("an item of {widest} fields; at most 16 fit")));
        }
        if fields.iter().any(|field| field.label.as_str() == ITEMS_LABEL) {
            return Err(Refusal::unreadable("the label `items` is the record's own"));
        }
        let sealed = |fields: Vec<Field>, item: u32| -> Vec<Kept> {
            let salted = |(number, field)| Kept::Open(Salted { field, salt: salts.salt(item, number) });
            (0..).zip(fields).map(salted).collect()
        };
        let count = fields.len() as u32;
        let mut openings = Self {
            pad: salts.hash(*b"pads", 0, 0),
            fields: sealed(fields, 0),
            items: (1..).zip(items).map(|(number, fields)| sealed(fields, number)).collect(),
        };
        if !openings.items.is_empty() {
            let field = Field::new(ITEMS_LABEL, Value::hash(full_root(openings.item_roots())))?;
            openings.fields.push(Kept::Open(Salted { field, salt: salts.salt(0, count) }));
        }
        openings.check()?;
        Ok(openings)
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.fields.len() > FIELDS {
            return Err(Refusal::unreadable(format!(
                "a statement of {} fields; at most {FIELDS} fit. Put values of one kind into one list",
                self.fields.len()
            )));
        }
        for fields in std::iter::once(&self.fields).chain(&self.items) {
            // At most 32 of them: comparing each with each costs less than a set.
            let again = |(at, field): &(usize, &Kept)| {
                fields[..*at].iter().any(|earlier| earlier.label() == field.label())
            };
            if let Some((_, twice)) = fields.iter().enumerate().find(again) {
                return Err(Refusal::unreadable(format!(
                    "the label `{}` stands twice in a statement",
                    twice.label()
                )));
            }
        }
        Ok(())
    }

    /// The hashes of a tree: commitments and decoys, sorted, so that the order of the fields cannot be read from it.
    fn leaves(&self, fields: &[Kept], item: u32, width: usize) -> Vec<Hash> {
        let decoys =
            (fields.len() as u32..width as u32).map(|number| derive(&self.pad, *b"pad ", item, number));
        let mut leaves: Vec<_> = fields.iter().map(Kept::commitment).chain(decoys).collect();
        leaves.sort_unstable();
        leaves
    }

    fn width(&self) -> usize {
        item_width(self.items.iter().map(Vec::len).max().unwrap_or(0)).unwrap_or(FIELDS)
    }

    /// The roots of the items, and decoys up to [`ITEM_PLACES`].
    fn item_roots(&self) -> Vec<Hash> {
        let width = self.width();
        let roots =
            (1..).zip(&self.items).map(|(number, fields)| full_root(self.leaves(fields, number, width)));
        let decoys = (self.items.len() as u32..ITEM_PLACES as u32)
            .map(|number| derive(&self.pad, *b"item", 0, number));
        roots.chain(decoys).collect()
    }

    /// The commitment root: what stands in the leaf.
    pub fn root(&self) -> Hash {
        full_root(self.leaves(&self.fields, 0, FIELDS))
    }

    /// The fields of the statement itself.
    pub fn fields(&self) -> &[Kept] {
        &self.fields
    }

    /// The items of a batch, in order, each with its fields.
    pub fn items(&self) -> &[Vec<Kept>] {
        &self.items
    }

    /// The value of an open field of the statement itself.
    pub fn value(&self, label: &str) -> Option<&Value> {
        value_in(&self.fields, label)
    }

    /// The value of an open field of an item.
    pub fn item_value(&self, item: usize, label: &str) -> Option<&Value> {
        self.items.get(item).and_then(|fields| value_in(fields, label))
    }

    /// Erases what `erase` chooses (by the number of the item, `None` for the statement's own fields, and the label):
    /// value and salt are gone, the commitment stays. Answers how many fields were erased.
    pub fn erase(&mut self, mut erase: impl FnMut(Option<usize>, &Token) -> bool) -> usize {
        let mut erased = 0;
        let items = self.items.iter_mut().enumerate().map(|(number, fields)| (Some(number), fields));
        for (item, fields) in std::iter::once((None, &mut self.fields)).chain(items) {
            for field in fields {
                // The root over the items says nothing itself, and without it no item could be shown.
                let structure = item.is_none() && field.label().as_str() == ITEMS_LABEL;
                if !structure && matches!(field, Kept::Open(_)) && erase(item, field.label()) {
                    *field = Kept::Erased { label: field.label().clone(), commitment: field.commitment() };
                    erased += 1;
                }
            }
        }
        erased
    }

    /// What is shown of the leaf to one receiver: the open fields that `show` chooses (by the number of the item,
    /// `None` for the statement's own fields, and the label), each with its salt and path. Items of which nothing is
    /// chosen are left out.
    pub fn show(&self, mut show: impl FnMut(Option<usize>, &Token) -> bool) -> View {
        let shown =
            |kept: &[Kept], item: u32, width: usize, chosen: &dyn Fn(&Kept) -> bool| -> Vec<Opening> {
                let leaves = self.leaves(kept, item, width);
                let mut openings: Vec<Opening> = kept
                    .iter()
                    .filter(|kept| chosen(kept))
                    .filter_map(|kept| if let Kept::Open(salted) = kept { Some(salted) } else { None })
                    .filter_map(|salted| {
                        let place = leaves.binary_search(&salted.commitment()).ok()?;
                        Some(Opening {
                            salted: salted.clone(),
                            place: place as u16,
                            path: full_path(leaves.clone(), place),
                        })
                    })
                    .collect();
                openings.sort_by(|a, b| a.salted.field.label.cmp(&b.salted.field.label));
                openings
            };
        let mut items = Vec::new();
        for (number, fields) in self.items.iter().enumerate() {
            let chosen: Vec<bool> = fields.iter().map(|field| show(Some(number), field.label())).collect();
            let is_chosen =
                |field: &Kept| fields.iter().zip(&chosen).any(|(f, c)| *c && f.label() == field.label());
            let openings = shown(fields, number as u32 + 1, self.width(), &is_chosen);
            if !openings.is_empty() {
                items.push(ItemView { number: number as u16, path: Vec::new(), fields: openings });
            }
        }
        if !items.is_empty() {
            let roots = self.item_roots();
            for item in &mut items {
                item.path = full_path(roots.clone(), usize::from(item.number));
            }
        }
        let chosen: Vec<bool> = self.fields.iter().map(|field| show(None, field.label())).collect();
        let is_chosen = |field: &Kept| {
            let asked = self.fields.iter().zip(&chosen).any(|(f, c)| *c && f.label() == field.label());
            asked || !items.is_empty() && field.label().as_str() == ITEMS_LABEL
        };
        View { fields: shown(&self.fields, 0, FIELDS, &is_chosen), items }
    }

    /// As deterministic CBOR, for the vault: `[1, pad, fields, items]`, where a field is `[salt, label, value]`, or
    /// `[commitment, label]` when erased.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Encoder::new();
        let list = |to: &mut Encoder, fields: &[Kept]| {
            to.array(fields.len());
            for field in fields {
                match field {
                    Kept::Open(Salted { field, salt }) => {
                        to.array(3).bytes(salt).text(field.label.as_str());
                        field.value.encode(to);
                    }
                    Kept::Erased { label, commitment } => {
                        to.array(2).bytes(commitment).text(label.as_str());
                    }
                }
            }
        };
        to.array(4).uint(1).bytes(&self.pad);
        list(&mut to, &self.fields);
        to.array(self.items.len());
        self.items.iter().for_each(|fields| list(&mut to, fields));
        to.finish()
    }

    /// Reads what [`Openings::encode`] wrote.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not that.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        fn list(from: &mut Decoder<'_>, most: usize) -> Result<Vec<Kept>, Refusal> {
            let length = from.array(most)?;
            (0..length)
                .map(|_| {
                    let parts = from.array(3)?;
                    let hash = from.fixed()?;
                    let label = Token::new(from.text()?)?;
                    match parts {
                        3 => Ok(Kept::Open(Salted {
                            field: Field { label, value: Value::decode(from)? },
                            salt: hash,
                        })),
                        2 => Ok(Kept::Erased { label, commitment: hash }),
                        _ => Err(Refusal::unreadable("an opening of fewer than two parts")),
                    }
                })
                .collect()
        }
        let mut from = Decoder::new(bytes);
        from.array_of(4)?;
        if from.uint()? != 1 {
            return Err(Refusal::unreadable("openings of another version than 1"));
        }
        let pad = from.fixed()?;
        let fields = list(&mut from, FIELDS)?;
        let count = from.array(ITEMS)?;
        let items = (0..count).map(|_| list(&mut from, 16)).collect::<Result<_, _>>()?;
        from.end()?;
        let openings = Self { pad, fields, items };
        openings.check()?;
        Ok(openings)
    }
}

fn value_in<'a>(fields: &'a [Kept], label: &str) -> Option<&'a Value> {
    fields.iter().find_map(|kept| match kept {
        Kept::Open(salted) if salted.field.label.as_str() == label => Some(&salted.field.value),
        Kept::Open(_) | Kept::Erased { .. } => None,
    })
}

/// One field shown, with what proves it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// The field and its salt.
    pub salted: Salted,
    /// Its place in the tree; places are sorted by commitment and tell nothing.
    pub place: u16,
    /// The path from there to the root.
    pub path: Vec<Hash>,
}

impl Opening {
    fn root(&self) -> Option<Hash> {
        led_to(self.salted.commitment(), usize::from(self.place), &self.path)
    }
}

/// What is shown of one item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemView {
    /// The number of the item in its batch, from zero.
    pub number: u16,
    /// The path from the item's root to the root over the items.
    pub path: Vec<Hash>,
    /// Its fields, at least one.
    pub fields: Vec<Opening>,
}

/// What is shown of one leaf to one receiver: the fields that this receiver may see, each provable against the leaf.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// Fields of the statement itself, by label.
    pub fields: Vec<Opening>,
    /// Items of a batch, by number.
    pub items: Vec<ItemView>,
}

impl View {
    /// Checks every field against the commitment root in the leaf, and that coarse values are those of the fine ones
    /// where both are shown.
    ///
    /// # Errors
    /// [`crate::Means::Unproved`], naming the item and the field.
    pub fn verify(&self, root: &Hash) -> Result<(), Refusal> {
        let unproved = |opening: &Opening| {
            Refusal::unproved(format!("the field `{}` is not under this leaf", opening.salted.field.label))
        };
        // Equal depth for all, so that the depth of a path says nothing and cannot be chosen.
        for opening in &self.fields {
            if 1 << opening.path.len().min(16) != FIELDS || opening.root() != Some(*root) {
                return Err(unproved(opening));
            }
        }
        once_each(self.fields.iter())?;
        let items_root = self.value(ITEMS_LABEL).and_then(Value::as_hash);
        let mut before = None;
        for item in &self.items {
            let here = format!("item {}", item.number);
            if before.is_some_and(|before| before >= item.number) || usize::from(item.number) >= ITEMS {
                return Err(Refusal::unproved("the items shown are not in order, or not of a batch"));
            }
            before = Some(item.number);
            let Some(items_root) = items_root else {
                return Err(
                    Refusal::unproved("the root over the items is not shown, so no item is proved").at(here)
                );
            };
            let Some(first) = item.fields.first() else {
                return Err(Refusal::unproved("nothing of it is shown").at(here));
            };
            let item_root = first.root();
            for opening in &item.fields {
                let width = 1 << opening.path.len().min(16);
                if !ITEM_FIELDS.contains(&width) || opening.root() != item_root {
                    return Err(unproved(opening).at(here));
                }
            }
            let led = item_root.and_then(|root| led_to(root, usize::from(item.number), &item.path));
            if 1 << item.path.len().min(16) != ITEM_PLACES || led != Some(*items_root) {
                return Err(unproved(first).at(here));
            }
            once_each(item.fields.iter()).map_err(|refusal| refusal.at(&here))?;
            crate::resolution::agree(item.fields.iter().map(|o| &o.salted.field))
                .map_err(|refusal| refusal.at(&here))?;
        }
        crate::resolution::agree(self.fields.iter().map(|o| &o.salted.field))
    }

    /// The value of a field of the statement itself, if shown. It is proved only after [`View::verify`].
    pub fn value(&self, label: &str) -> Option<&Value> {
        let found = self.fields.iter().find(|opening| opening.salted.field.label.as_str() == label);
        found.map(|opening| &opening.salted.field.value)
    }

    /// The value of a field of an item, if shown. It is proved only after [`View::verify`].
    pub fn item_value(&self, item: u16, label: &str) -> Option<&Value> {
        let item = self.items.iter().find(|view| view.number == item)?;
        let found = item.fields.iter().find(|opening| opening.salted.field.label.as_str() == label);
        found.map(|opening| &opening.salted.field.value)
    }
}

fn once_each<'a>(openings: impl Iterator<Item = &'a Opening>) -> Result<(), Refusal> {
    let mut labels = BTreeSet::new();
    for opening in openings {
        if !labels.insert(&opening.salted.field.label) {
            return Err(Refusal::unproved(format!(
                "the field `{}` is shown twice",
                opening.salted.field.label
            )));
        }
    }
    Ok(())
}
