//! The pages in a real browser: they fit the screen of a phone and of a desk, fetch nothing, say nothing on the
//! console, and pass the checks of axe-core for WCAG 2.2 AA.
//!
//! `./test` installs Chromium and axe-core and sets `TRUCELINE_BROWSER`; without it these tests are skipped.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A browser driven by the WebDriver protocol (W3C Recommendation, 5 June 2018).
struct Browser {
    driver: Child,
    /// Kept open: a driver that cannot write ends.
    _said: std::io::Lines<BufReader<std::process::ChildStdout>>,
    session: String,
}

impl Browser {
    fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver does not start; `./test` installs it");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port: u16 = lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok())
            .expect("chromedriver names its port");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let root = format!("http://127.0.0.1:{port}/session");
        let answer = post(&root, &wanted);
        let session = format!("{root}/{}", answer["sessionId"].as_str().unwrap());
        Self { driver, _said: lines, session }
    }

    fn ask(&self, what: &str, body: &Value) -> Value {
        post(&format!("{}/{what}", self.session), body)
    }

    /// Opens a file in a window of a width.
    fn open(&self, page: &Path, width: u32) {
        // Headless Chromium opens no window narrower than 500; the screen is set instead.
        let screen = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": screen });
        self.ask("goog/cdp/execute", &command);
        self.ask("url", &json!({ "url": format!("file://{}", page.canonicalize().unwrap().display()) }));
    }

    /// What a piece of script returns.
    fn run(&self, script: &str) -> Value {
        self.ask("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a piece of script hands to its last argument.
    fn run_later(&self, script: &str) -> Value {
        self.ask("execute/async", &json!({ "script": script, "args": [] }))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn post(url: &str, body: &Value) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.post(url).content_type("application/json").send(body.to_string()).unwrap();
    let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let value = answer["value"].clone();
    assert!(value.get("error").is_none(), "{url}: {value}");
    value
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every page that the program writes, of the made-up stories: as they are expected, byte for byte.
fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![root().join("fixtures")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    assert!(pages.len() >= 4, "{pages:?}");
    pages
}

/// A phone and a desk, CSS pixels.
const WIDTHS: [u32; 2] = [390, 1_280];

#[test]
fn browser_every_page_fits_fetches_nothing_and_is_accessible() {
    if std::env::var_os("TRUCELINE_BROWSER").is_none() {
        println!("skipped: TRUCELINE_BROWSER is not set; run ./test");
        return;
    }
    let axe = std::env::var_os("TRUCELINE_AXE").expect("./test sets TRUCELINE_AXE to axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    let browser = Browser::start();
    let mut faults = Vec::new();
    for page in pages() {
        for width in WIDTHS {
            browser.open(&page, width);
            let name = format!("{} at {width}", page.strip_prefix(root()).unwrap().display());
            let mut fault = |what: String| faults.push(format!("{name}: {what}"));
            let seen = browser.run(
                "return { wide: document.documentElement.scrollWidth, screen: window.innerWidth, \
                 fetched: performance.getEntriesByType('resource').map(it => it.name), \
                 title: document.title, lang: document.documentElement.lang, words: document.body.innerText.length }",
            );
            if seen["wide"].as_u64() > seen["screen"].as_u64() {
                fault(format!("{} px wide on a screen of {}", seen["wide"], seen["screen"]));
            }
            if seen["fetched"] != json!([]) {
                fault(format!("fetches {}", seen["fetched"]));
            }
            if seen["title"] == "" || seen["lang"] == "" || seen["words"].as_u64() < Some(500) {
                fault(format!("has no title, no language or no text: {seen}"));
            }
            browser.run(&axe);
            let violations = browser.run_later(
                "const done = arguments[arguments.length - 1]; \
                 axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }) \
                 .then(found => done(found.violations.map(it => it.id + ': ' + it.nodes[0].html.slice(0, 120))))",
            );
            for violation in violations.as_array().unwrap() {
                fault(format!("axe: {violation}"));
            }
            let log = browser.ask("se/log", &json!({ "type": "browser" }));
            for entry in log.as_array().unwrap() {
                fault(format!("console: {}", entry["message"]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The first key leads past the head of the page, and the reader lands there.
#[test]
fn browser_the_first_tab_skips_to_the_report() {
    if std::env::var_os("TRUCELINE_BROWSER").is_none() {
        println!("skipped: TRUCELINE_BROWSER is not set; run ./test");
        return;
    }
    let browser = Browser::start();
    for page in pages() {
        browser.open(&page, 1_280);
        let tab = json!({ "actions": [{ "type": "key", "id": "keys", "actions": [
            { "type": "keyDown", "value": "\u{e004}" }, { "type": "keyUp", "value": "\u{e004}" },
            { "type": "keyDown", "value": "\u{e007}" }, { "type": "keyUp", "value": "\u{e007}" },
        ] }] });
        browser.ask("actions", &tab);
        let at = browser.run("return document.activeElement.tagName + location.hash");
        assert!(at.as_str().unwrap().starts_with("MAIN#"), "{}: {at}", page.display());
    }
}
