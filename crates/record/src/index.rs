//! The index: where to look, by time, place, kind and source. SQLite (WAL, `synchronous=FULL`), and never the truth: it
//! is thrown away and made again from log and vault, with the same content.
//!
//! It holds what its reader could open, so it belongs where that reader's key belongs, and is as secret.

use rusqlite::{Connection, OpenFlags, params};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// What is known of one leaf to the reader whose index this is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Row {
    /// Number of the leaf.
    pub leaf: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// Kind of the statement; empty where nothing is open.
    pub kind: String,
    /// What was observed, for an observation.
    pub what: String,
    /// The source as the mission file names it.
    pub source: String,
    /// First moment, microseconds since 1970.
    pub start: Option<i64>,
    /// First moment after.
    pub end: Option<i64>,
    /// South-west corner of its cell of 10 km, 1e-7 degree: longitude, latitude.
    pub cell: Option<(i64, i64)>,
}

/// What is looked for; what is left out is not asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// From this moment on.
    pub from: Option<i64>,
    /// Before this moment.
    pub before: Option<i64>,
    /// Kind of the statement.
    pub kind: Option<String>,
    /// What was observed.
    pub what: Option<String>,
    /// The source.
    pub source: Option<String>,
    /// In this cell of 10 km.
    pub cell: Option<(i64, i64)>,
}

/// An index.
pub struct Index(Connection);

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS leaf (
    leaf INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL, source TEXT NOT NULL,
    start INTEGER, until INTEGER, west INTEGER, south INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS by_time ON leaf (start, until);
CREATE INDEX IF NOT EXISTS by_place ON leaf (west, south);
CREATE INDEX IF NOT EXISTS by_kind ON leaf (kind, what);
CREATE INDEX IF NOT EXISTS by_source ON leaf (source);
";

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Index {
    /// Opens the index in a file, or makes it.
    ///
    /// # Errors
    /// If the file is no such index, or the disk refuses.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    /// Takes rows in, all or none; a leaf that it has is replaced.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn take<'a>(&mut self, rows: impl IntoIterator<Item = &'a Row>) -> rusqlite::Result<()> {
        let all = self.0.transaction()?;
        {
            let mut insert = all.prepare("INSERT OR REPLACE INTO leaf VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
            for row in rows {
                let Row { leaf, hash, kind, what, source, start, end, cell } = row;
                let (west, south) = cell.unzip();
                insert.execute(params![signed(*leaf), hash, kind, what, source, start, end, west, south])?;
            }
        }
        all.commit()
    }

    /// The words by which one can look, as they stand in it: kinds, what was observed, sources.
    ///
    /// # Errors
    /// If SQLite refuses.
    pub fn words(&self) -> rusqlite::Result<[BTreeSet<String>; 3]> {
        let of = |column: &str| -> rusqlite::Result<BTreeSet<String>> {
            let mut select = self.0.prepare(&format!("SELECT DISTINCT {column} FROM leaf"))?;
            select.query_map([], |row| row.get(0))?.collect()
        };
        Ok([of("kind")?, of("what")?, of("source")?])
    }

    /// Numbers of leaves that fit, in order.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn find(&self, query: &Query) -> rusqlite::Result<Vec<u64>> {
        let (west, south) = query.cell.unzip();
        let mut statement = self.0.prepare(
            "SELECT leaf FROM leaf WHERE (?1 IS NULL OR until > ?1 OR start >= ?1) AND (?2 IS NULL OR start < ?2)
             AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR what = ?4) AND (?5 IS NULL OR source = ?5)
             AND (?6 IS NULL OR west = ?6) AND (?7 IS NULL OR south = ?7) ORDER BY leaf",
        )?;
        let Query { from, before, kind, what, source, .. } = query;
        let found = statement
            .query_map(params![from, before, kind, what, source, west, south], |row| row.get::<_, i64>(0))?;
        found.map(|leaf| leaf.map(|leaf| u64::try_from(leaf).unwrap_or_default())).collect()
    }

    /// How many leaves it has.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn size(&self) -> rusqlite::Result<u64> {
        self.0
            .query_row("SELECT count(*) FROM leaf", [], |row| row.get::<_, i64>(0))
            .map(|n| u64::try_from(n).unwrap_or_default())
    }

    /// Everything that it holds, as text: two indexes of one record are the same when this is.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn dump(&self) -> rusqlite::Result<String> {
        let mut statement = self.0.prepare(
            "SELECT leaf, hex(hash), kind, what, source, start, until, west, south FROM leaf ORDER BY leaf",
        )?;
        let mut text = String::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let words: Vec<String> =
                [1, 2, 3, 4].into_iter().map(|at| row.get::<_, String>(at)).collect::<Result<_, _>>()?;
            let numbers: Vec<String> = [5, 6, 7, 8]
                .into_iter()
                .map(|at| {
                    Ok(row.get::<_, Option<i64>>(at)?.map_or("-".to_string(), |number| number.to_string()))
                })
                .collect::<rusqlite::Result<_>>()?;
            let _ = writeln!(text, "{} {} {}", row.get::<_, i64>(0)?, words.join(" "), numbers.join(" "));
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(leaf: u64) -> Row {
        Row {
            leaf,
            hash: [leaf as u8; 32],
            kind: "observation".into(),
            what: if leaf.is_multiple_of(2) { "impulse" } else { "sighting" }.into(),
            source: format!("source-{}", leaf % 3),
            start: Some(leaf as i64 * 10),
            end: Some(leaf as i64 * 10 + 5),
            cell: (leaf != 4).then_some((leaf as i64 % 2, 7)),
        }
    }

    #[test]
    fn rows_are_found_by_time_place_kind_and_source() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.sqlite");
        let rows: Vec<Row> = (0..10).map(row).collect();
        let mut index = Index::open(&path).unwrap();
        index.take(&rows).unwrap();
        let find = |query: Query| index.find(&query).unwrap();
        assert_eq!(find(Query::default()), (0..10).collect::<Vec<_>>());
        assert_eq!(find(Query { from: Some(52), before: Some(71), ..Query::default() }), [5, 6, 7]);
        assert_eq!(
            find(Query { what: Some("impulse".into()), source: Some("source-0".into()), ..Query::default() }),
            [0, 6]
        );
        assert_eq!(find(Query { cell: Some((0, 7)), ..Query::default() }), [0, 2, 6, 8]);
        assert_eq!(find(Query { kind: Some("claim".into()), ..Query::default() }), [0_u64; 0]);
        // The settings that the record promises.
        let pragma = |name: &str| index.0.pragma_query_value(None, name, |row| row.get::<_, String>(0));
        assert_eq!(pragma("journal_mode").unwrap(), "wal");
        assert_eq!(index.0.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0)).unwrap(), 2);
        // Taken in twice, or in another order into another file: the same content.
        let dump = index.dump().unwrap();
        index.take(rows.iter().rev()).unwrap();
        assert_eq!(index.dump().unwrap(), dump);
        drop(index);
        let again = Index::open(&path).unwrap();
        assert_eq!((again.size().unwrap(), again.dump().unwrap()), (10, dump));
    }
}
