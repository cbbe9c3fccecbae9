//! What can and what cannot be said: fixed patterns over figures.

use super::series::capital;
use super::{Material, count, thousands};
use crate::model::View;
use truce::finding::Verdict;
use truce::mission::{Source, Told};
use truce::series::{Change, Series};

/// Codes of the parties whose acts no source other than a party's own can show.
fn unseen<'a>(material: &'a Material<'_>) -> Vec<&'a truce::agreement::Party> {
    let shown = |party: &truce::agreement::Party| {
        super::sources::read(material).any(|source| {
            let by_a_party = material.agreement.party(&source.asserted_by).is_some();
            !by_a_party && source.shows.contains(&party.code)
        })
    };
    material.agreement.parties.iter().filter(|party| !shown(party)).collect()
}

fn verdicts(material: &Material<'_>, reading: &truce::Name, of: impl Fn(&Verdict) -> bool) -> u64 {
    let counts = material.assessment.counts.iter();
    counts.filter(|((id, _, verdict), _)| id == reading && of(verdict)).map(|(_, number)| number).sum()
}

fn reading_name(material: &Material<'_>, reading: &truce::agreement::Reading) -> String {
    match &reading.holder {
        Some(holder) => format!("Under the reading \"{}\" ({})", reading.id, material.party(holder)),
        None => "Under the terms".to_string(),
    }
}

/// The question in one sentence, as far as it can be answered.
fn answer(material: &Material<'_>) -> String {
    let readings = &material.agreement.readings;
    let of = |reading: &truce::agreement::Reading, wanted: Verdict| {
        verdicts(material, &reading.id, |verdict| *verdict == wanted)
    };
    let breached = readings.iter().filter(|reading| of(reading, Verdict::Breach) > 0).count();
    let open: u64 = readings.iter().map(|reading| of(reading, Verdict::Undetermined)).sum();
    if breached == readings.len() {
        "It did not hold without breach, under any reading of its terms.".to_string()
    } else if breached > 0 {
        "Whether it held without breach depends on how its terms are read.".to_string()
    } else if open > 0 {
        "From the data at hand it cannot be said whether it held: no breach is established to the standard of proof, \
         and much is left undetermined."
            .to_string()
    } else {
        "No breach is established. What nobody was watching is not known.".to_string()
    }
}

/// Whether it held, and the findings under each reading.
pub(crate) fn verdicts_by_reading(material: &Material<'_>) -> Vec<String> {
    let mut lines = Vec::from([answer(material)]);
    for reading in &material.agreement.readings {
        let number = |wanted: Verdict| verdicts(material, &reading.id, |verdict| *verdict == wanted);
        lines.push(format!(
            "{}: {}; undetermined {}, permitted {}, no breach {}.",
            reading_name(material, reading),
            match number(Verdict::Breach) {
                0 => "no breach is established to the standard of proof".to_string(),
                1 => "1 breach is established to the standard of proof".to_string(),
                breaches =>
                    format!("{} breaches are established to the standard of proof", thousands(breaches)),
            },
            thousands(number(Verdict::Undetermined)),
            thousands(number(Verdict::Permitted)),
            thousands(number(Verdict::NoBreach)),
        ));
    }
    lines
}

/// A few sentences, most important first.
pub(super) fn summary(material: &Material<'_>) -> Vec<String> {
    let mut lines = verdicts_by_reading(material);
    for series in material.series {
        lines.push(change(material, series));
    }
    let unseen = unseen(material);
    if !unseen.is_empty() {
        let names: Vec<&str> = unseen.iter().map(|party| &*party.name).collect();
        lines.push(format!(
            "No source at hand, other than what parties say themselves, can show the acts of {}: no \
             comparison of the sides is made.",
            names.join(" or of ")
        ));
    }
    lines
}

/// One sentence for a series.
fn change(material: &Material<'_>, series: &Series) -> String {
    let window = super::series::measured(&series.observed, material.day_clock());
    let count = match series.observed.count {
        Some(count) if series.observed.span == series.instrument => {
            format!(" {} in the instrument's time;", thousands(u64::from(count)))
        }
        Some(count) => format!(" {} on {};", thousands(u64::from(count)), window.label),
        None => String::new(),
    };
    let beside =
        if window.beside.is_empty() { String::new() } else { format!(" (Beside it: {}.)", window.beside) };
    let change = super::series::change(&series.result);
    format!("{} ({}):{count} {change}.{beside}", capital(series.measure.name()), series.source)
}

/// Whose view this is, and what it leaves out.
pub(crate) fn view(material: &Material<'_>) -> String {
    let publication = &material.mission.publication;
    let whose = match material.view {
        View::Public => "the public view",
        View::Mission => "the mission's own view, for its monitors and analysts,",
    };
    let withheld =
        material.withheld.map(|number| format!(" ({})", count(number, "observation", "observations")));
    let coarse: Vec<&str> = match material.view {
        View::Mission => Vec::new(),
        View::Public => {
            let told = |source: &&Source| source.told == Told::Coarsely;
            material.mission.sources.iter().filter(told).map(|source| &*source.title).collect()
        }
    };
    let coarse = match coarse.as_slice() {
        [] => String::new(),
        titles => format!(
            " What these sources say was told by squares of 10 km and days before anything was computed from it: {}. \
             Two detections of one act then stand as two incidents, and what could be heard is not known.",
            titles.join("; ")
        ),
    };
    format!(
        "This is {whose} as of {} ({}): what is younger \
         than {} hours is withheld{}, places are cells of about 10 km, coverage is shown by {} km of line or by province, \
         and by day.{coarse}",
        crate::text::day(material.day_clock().date(material.as_of)),
        cut(material.cut),
        publication.delay / truce::time::HOUR,
        withheld.unwrap_or_default(),
        publication.sector / truce::place::KM,
    )
}

/// Why the report is as of this moment and no other.
fn cut(why: truce::cut::Why) -> &'static str {
    use truce::cut::Why;
    match why {
        Why::Mission => {
            "the last moment of which the mission's own instruments and people tell: no row of a party moves it"
        }
        Why::Thirds => {
            "the last moment of which third parties tell, for the mission has nothing of its own: no row of a party moves it"
        }
        Why::End => "the end of the instrument, for parties alone tell anything: no row of theirs moves it",
        Why::Asked => "the moment that was asked for",
    }
}

/// What a reader must know before reading on.
pub(super) fn notes(material: &Material<'_>) -> Vec<String> {
    let mut notes = vec![
        "An incident is what happened as far as known; a finding holds it against one clause under one reading. Who is \
         responsible is never an output of this program."
            .to_string(),
        view(material),
    ];
    notes.extend(beside(material));
    let (rows, used): (u64, u64) = (
        material.books.iter().map(|books| books.rows).sum(),
        material.books.iter().map(|books| books.accepted).sum(),
    );
    notes.push(format!(
        "Of {} read, {} gave an observation or a map of held ground; {} were set aside. {} repeat an earlier one word for \
         word at the same place and are left out of the incidents.",
        count(rows, "row", "rows"),
        thousands(used),
        thousands(rows - used),
        count(material.assessment.repeats, "report", "reports"),
    ));
    notes.extend(text_alone(material));
    if material.agreement.readings.len() > 1 {
        notes.push(
            "The readings differ in their time: the window at the top, the series and the pictures cover all of them \
             together; each finding holds to its own reading."
                .to_string(),
        );
    }
    notes.extend(material.agreement.not_known.iter().map(|line| format!("Not known of the terms: {line}")));
    for consequence in &material.agreement.consequences {
        let words = match &consequence.words {
            truce::agreement::Words::Quote(words) => format!("\"{words}\""),
            truce::agreement::Words::Paraphrase(words) => format!("{words} (our words)"),
        };
        let reading = consequence
            .reading
            .as_ref()
            .and_then(|id| material.agreement.reading(id))
            .and_then(|reading| reading.holder.as_ref())
            .map_or(String::new(), |holder| format!(", as {} reads them", material.party(holder)));
        notes.push(format!(
            "The terms{reading} say what may follow: {words} This is shown, not executed: a computed finding changes no \
             state; a judgement does."
        ));
    }
    notes
}

/// Which other instruments were held together with this one.
fn beside(material: &Material<'_>) -> Option<String> {
    let others: Vec<&str> = material.beside.iter().map(|other| other.title.as_str()).collect();
    (!others.is_empty()).then(|| {
        format!(
            "This is the part on one agreement of a report over several, held together with: {}. It holds to this agreement \
             alone. One incident may stand under several of them: the page in the folder above counts each once.",
            others.join("; ")
        )
    })
}

/// Can reports alone, however many, establish anything? Where they cannot, the reader must know that the mission file
/// says so before any report is read.
fn text_alone(material: &Material<'_>) -> Option<String> {
    let weights = &material.mission.weights;
    let most = weights.most_by_text();
    let reached = truce::evidence::probability_permille(most);
    let clauses = material.agreement.readings.iter().flat_map(|reading| &reading.clauses);
    let asked = clauses.map(|clause| clause.standard.occurred).min()?;
    (reached < asked).then(|| {
        format!(
            "By the mission file, reports in text weigh together at most {most} centibans (P {}), whatever their number: \
             the press repeats itself. They take nothing from what an instrument measured or the monitor saw. The \
             standard of proof asks for P {}. So reports alone cannot establish a breach here; an instrument, a patrol \
             or an image could. The probability of a single report is the weight that the mission file gives any such \
             report, not a measurement of this one: it supports little.",
            super::probability(reached),
            super::probability(asked)
        )
    })
}

/// What can be said from this data.
pub(super) fn can(material: &Material<'_>) -> Vec<String> {
    let window = material.window();
    let within = || material.assessment.incidents.iter().filter(|it| it.facts.time.overlaps(window));
    let sure = within().filter(|it| window.covers(it.facts.time)).count() as u64;
    let mut lines = vec![format!(
        "{} that the sources allege or measured may lie in the instrument's time; of {} it is known, if they occurred, \
         that they lie wholly within it. Two reports of one act may be two incidents.",
        count(within().count() as u64, "incident", "incidents"),
        thousands(sure)
    )];
    lines.extend(
        material
            .series
            .iter()
            .filter(|series| matches!(series.result, Change::Ratio(_)))
            .map(|series| format!("{} It says how much was recorded, not why.", change(material, series))),
    );
    for party in &material.agreement.parties {
        let claims: Vec<String> = material
            .claims
            .iter()
            .filter(|claim| claim.claimant == party.code)
            .map(|claim| claim.name.to_string())
            .collect();
        lines.push(match claims.len() {
            0 => format!("No statement by {} about this instrument is at hand.", party.name),
            number => format!(
                "{} published {} about it ({}): each stands in its own window and unit.",
                party.name,
                count(number as u64, "figure", "figures"),
                claims.join(", ")
            ),
        });
    }
    lines
}

/// What cannot.
pub(super) fn cannot(material: &Material<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let unseen = unseen(material);
    if !unseen.is_empty() {
        lines.push(
            "Which side kept the terms better: the acts of at least one side have no source but a party's word."
                .to_string(),
        );
    }
    let by_side = material
        .assessment
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Breach && finding.party.is_none())
        .count() as u64;
    if by_side > 0 {
        lines.push(format!(
            "Whose forces acted in {} that a clause prohibits: the side is not established.",
            count(by_side, "finding of an act", "findings of acts")
        ));
    }
    let open = material
        .assessment
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Undetermined)
        .count() as u64;
    if open > 0 {
        lines.push(format!(
            "Whether the terms were breached in {} left undetermined: what is known does not reach the standard of \
             proof, or leaves the act, the hour, the place or the list open. \"Undetermined\" is a full answer.",
            count(open, "finding", "findings")
        ));
    }
    lines.extend(material.series.iter().filter_map(|series| match &series.result {
        Change::NoConclusion { reason } => Some(format!(
            "{} ({}): whether it changed cannot be said: {reason}.",
            capital(series.measure.name()),
            series.source
        )),
        Change::Ratio(_) => None,
    }));
    if !material.claims.is_empty() {
        lines.push(
            "Whether any party's number is right: no source at hand counts what it counts, in its window. Numbers of \
             different windows or units are not compared, and claims are never added up."
                .to_string(),
        );
    }
    let quiet: Vec<String> = super::sources::read(material)
        .filter(|source| source.coverage == truce::coverage::Rule::NotKnown)
        .map(|source| source.title.clone())
        .collect();
    if !quiet.is_empty() {
        lines.push(format!(
            "Where it was quiet, from what these sources do not report: {}. Nobody can say where they were looking.",
            quiet.join("; ")
        ));
    }
    lines
}

/// How it was computed.
pub(super) fn method(material: &Material<'_>) -> Vec<String> {
    let linking = &material.mission.linking;
    vec![
        "Every row of every file becomes an observation, or is set aside with a reason and counted.".to_string(),
        "Observations that no list of words takes for an act of war are kept, and are no incident.".to_string(),
        format!(
            "Observations close in place and time are one incident, around the most precise of them, and no such \
             incident is wider than {} km. What is no more precise than a village never anchors: it supports a finer one or \
             stands alone, and a report placed only by province may lie anywhere in it.",
            2 * linking.longest_reach() / truce::place::KM
        ),
        "Repeats of one text are one report; within a group of independence only the strongest item for and the \
         strongest against counts; text together is capped; claims and a party's own series count nothing towards \
         breaches by the other."
            .to_string(),
        "Evidence adds up in centibans (100 = ten to one) from a prior that the mission file states.".to_string(),
        "Each incident is held against each clause of each reading: period, act, means, target, place, forces, \
         occurrence, exceptions, in this order; readings are never mixed."
            .to_string(),
        "A breach \"by forces of\" a party is found only where the probability of the origin meets the clause's \
         standard; otherwise the side is not established."
            .to_string(),
        "Change is measured series by series against the same hours, or whole days, before; the interval is exact \
         under the Poisson model, or by profile likelihood under the negative binomial where the baseline varies more \
         than chance makes it."
            .to_string(),
        "Where nobody can say what would have been seen, no zero is shown.".to_string(),
        match material.view {
            View::Public => {
                "The report is a function of the leaves under its checkpoint, as they are told to the public, the \
                 agreement, the mission file and the version: `truceline recompute` computes the same bytes for anyone."
            }
            View::Mission => {
                "The report is a function of the leaves under its checkpoint, the agreement, the mission file and the \
                 version: `truceline recompute` computes the same bytes for those who hold the openings."
            }
        }
        .to_string(),
    ]
}
