//! Why a finding is what it is, in a language: the words of its clause, each part of it that was asked about with what
//! was observed, and each exception with why it did or did not apply.

use crate::language::{Figure, Words, explain::wrap};
use truce::Name;
use truce::agreement::{Agreement, Exception, Where, Words as Quoted};
use truce::finding::{Account, Asked, Facts, Finding, Reason, Verdict, account};
use truce::observation::{Belongs, Force};

/// The page of a finding; empty if it is not of this agreement. `facts` are those of its incident.
pub fn page(words: &Words, agreement: &Agreement, finding: &Finding, facts: &Facts) -> String {
    let Some(account) = account(agreement, finding) else { return String::new() };
    let say = Say { words, agreement, account: &account, finding, facts };
    say.page()
}

struct Say<'a> {
    words: &'a Words,
    agreement: &'a Agreement,
    account: &'a Account<'a>,
    finding: &'a Finding,
    facts: &'a Facts,
}

impl Say<'_> {
    fn say(&self, key: &str, figures: &[(&str, Figure)]) -> String {
        self.words.say(key, figures)
    }

    fn name(&self, code: &Name) -> String {
        let party = self.agreement.party(code);
        let own = party.and_then(|party| party.name_in(self.words.language().code()));
        own.map_or_else(|| self.agreement.name_of(code).to_string(), ToString::to_string)
    }

    fn quoted(&self, words: &Quoted) -> String {
        self.words.quoted(words, &self.agreement.language)
    }

    fn page(&self) -> String {
        let finding = self.finding;
        let clause = self.account.clause;
        let mut page = format!("{}/{}/{}\n", finding.incident, finding.clause, finding.reading);
        let side = match &finding.party {
            Some(party) => self.say("state-held-forces", &[("party", self.name(party).into())]),
            None => self.words.word("state-held-no-side"),
        };
        let reader = match self.account.holder {
            Some(who) => self.say("account-as-read", &[("party", self.name(who).into())]),
            None => self.words.word("account-by-text"),
        };
        let verdict = self.words.verdict(crate::compose::verdict(finding.verdict));
        wrap(&mut page, "", "", &format!("{verdict}; {side}; {reader}"));
        let titles = truce::agreement::explain::Figure::Titled(clause.title.clone(), clause.titles.clone());
        let figures = [
            ("instrument", self.instrument().into()),
            ("id", clause.id.as_str().into()),
            ("title", self.words.shown(&titles).into()),
        ];
        wrap(&mut page, "  ", "    ", &self.say("account-clause", &figures));
        let quote = [("words", self.quoted(self.account.words).into())];
        wrap(&mut page, "  ", "    ", &self.say("account-words", &quote));
        wrap(&mut page, "  ", "    ", &self.words.word("account-parts"));
        for (reason, asked, own) in &self.account.reasons {
            if !matches!(asked, Asked::Exception(_)) {
                wrap(&mut page, "  - ", "      ", &self.part(reason, *asked, *own));
            }
        }
        if !clause.exceptions.is_empty() {
            wrap(&mut page, "  ", "    ", &self.words.word("account-exceptions"));
        }
        for (number, exception) in (1..).zip(&clause.exceptions) {
            for line in self.exception(number, exception) {
                wrap(&mut page, "  - ", "      ", &line);
            }
        }
        let sources = [("sources", self.account.sources.join(" ").into())];
        wrap(&mut page, "  ", "    ", &self.say("account-sources", &sources));
        page
    }

    fn instrument(&self) -> String {
        let agreement = self.agreement;
        let titled =
            truce::agreement::explain::Figure::Titled(agreement.title.clone(), agreement.titles.clone());
        self.words.shown(&titled)
    }

    /// A part of the clause by its key, what it asks for, what was found, and its own words where it has any.
    fn part(&self, reason: &Reason, asked: Asked, own: Option<&Quoted>) -> String {
        let found = self.words.reason(reason, &|code| self.name(code));
        let key = match self.asks(asked) {
            Some(asks) => self.say("account-asks", &[("key", asked.key().into()), ("asks", asks.into())]),
            None => asked.key().to_string(),
        };
        let own = own.map_or_else(String::new, |own| format!(" {}", self.quoted(own)));
        format!("{key}: {found}.{own}")
    }

    /// What the clause says under a key, where a few words can say it.
    fn asks(&self, asked: Asked) -> Option<String> {
        let clause = self.account.clause;
        match asked {
            Asked::Acts => Some(self.terms("act", clause.acts.iter().map(|act| act.name()))),
            Asked::Means if !clause.means.is_empty() => {
                Some(self.terms("weapon", clause.means.iter().map(|weapon| weapon.name())))
            }
            Asked::Targets if !clause.targets.is_empty() => {
                Some(self.terms("target", clause.targets.iter().map(|target| target.name())))
            }
            Asked::Forces if !clause.forces.is_empty() => {
                Some(self.terms("force", clause.forces.iter().map(|force| force.name())))
            }
            Asked::Parties => {
                let names: Vec<String> = clause.binds.iter().map(|code| self.name(code)).collect();
                Some(names.join(", "))
            }
            Asked::Place => match &clause.place {
                Where::Zone(zone) => Some(self.say("explain-where-zone", &[("zone", zone.as_str().into())])),
                Where::Sites => Some(self.words.word("explain-where-sites")),
                Where::Anywhere => None,
            },
            Asked::Standard => Some(self.words.share(clause.standard.occurred)),
            _ => None,
        }
    }

    fn terms(&self, table: &str, names: impl Iterator<Item = &'static str>) -> String {
        let names = names.map(|name| self.words.word(&format!("explain-{table}-{name}")));
        names.collect::<Vec<_>>().join("; ")
    }

    /// An exception: its words, then why it did or did not apply.
    fn exception(&self, number: usize, exception: &Exception) -> Vec<String> {
        let asked = Asked::Exception(number);
        let own = |(_, other, _): &&(&Reason, Asked, Option<&Quoted>)| *other == asked;
        let mut lines: Vec<String> = Vec::new();
        for (reason, _, words) in self.account.reasons.iter().filter(own) {
            let found = self.words.reason(reason, &|code| self.name(code));
            // The exception's own words stand at its head.
            let words = words.filter(|words| **words != exception.words);
            lines.push(
                found + "." + &words.map_or_else(String::new, |words| format!(" {}", self.quoted(words))),
            );
        }
        if lines.is_empty() {
            lines.push(self.why_not(exception));
        }
        let figures = [
            ("number", number.to_string().into()),
            ("words", self.quoted(&exception.words).into()),
            ("why", lines.join(" ").into()),
        ];
        vec![self.say("account-exception", &figures)]
    }

    /// Why an exception was not even weighed: it is about something else, or the matter was settled before.
    fn why_not(&self, exception: &Exception) -> String {
        let (facts, finding) = (self.facts, self.finding);
        if exception.covers(facts.act, facts.weapon, facts.target, facts.force) != Belongs::No {
            return match finding.verdict {
                Verdict::Permitted => self.words.word("account-exception-not-needed"),
                _ => self.words.word("account-exception-not-asked"),
            };
        }
        let none = |empty: bool, fits: bool| !empty && !fits;
        let act = exception.acts.iter().any(|one| facts.act.belongs(*one) != Belongs::No);
        let means = exception.means.iter().any(|one| facts.weapon.belongs(*one) != Belongs::No);
        let target = exception.targets.iter().any(|one| facts.target.belongs(*one) != Belongs::No);
        let other = |key: &str, names: String, seen: &str| {
            let seen = self.words.word(seen);
            self.say(key, &[("names", names.into()), ("seen", seen.into())])
        };
        if none(exception.acts.is_empty(), act) {
            let names = self.terms("act", exception.acts.iter().map(|one| one.name()));
            other("account-exception-other", names, &format!("act-{}", facts.act.name()))
        } else if none(exception.means.is_empty(), means) {
            let names = self.terms("weapon", exception.means.iter().map(|one| one.name()));
            other("account-exception-other", names, &format!("weapon-{}", facts.weapon.name()))
        } else if none(exception.targets.is_empty(), target) {
            // What was hit is said only where a reason of the report says it.
            let names = self.terms("target", exception.targets.iter().map(|one| one.name()));
            self.say("account-exception-only", &[("names", names.into())])
        } else {
            let names = self.terms("force", exception.forces.iter().map(|one: &Force| one.name()));
            self.say("account-exception-only", &[("names", names.into())])
        }
    }
}

#[cfg(test)]
mod tests;
