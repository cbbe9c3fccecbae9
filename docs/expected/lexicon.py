"""The filter of missions/public-data/lexicon.toml, read apart from crates/truce/src/lexicon.rs.

Python 3.11, standard library only.
"""
import functools
import pathlib
import tomllib

PATH = pathlib.Path(__file__).parents[2] / "missions/public-data/lexicon.toml"
APOSTROPHES = "'’ʼ`´‘ʹ"


def words_of(text):
    """Lower-case words; apostrophes are dropped, everything else that is no letter or digit parts words."""
    words, word = [], []
    for char in text:
        if char in APOSTROPHES:
            continue
        if char.isalnum():
            word.append(char.lower())
        elif word:
            words.append("".join(word))
            word = []
    if word:
        words.append("".join(word))
    return words


def pattern_of(text):
    """[(stem, whole), ...]; a lone * is any word."""
    stems = []
    for part in text.split():
        if part == "*":
            stems.append(("", False))
            continue
        words = words_of(part)
        stems += [(word, True) for word in words[:-1]] + [(words[-1], not part.endswith("*"))]
    return stems


def matches(pattern, words, at):
    if at + len(pattern) > len(words):
        return False
    return all(w == s if whole else w.startswith(s) for (s, whole), w in zip(pattern, words[at:]))


class Lexicon:
    def __init__(self, path=PATH):
        rules = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        self.rules = [(r, [pattern_of(w) for w in r["words"]]) for r in rules]

    def hits(self, headline):
        """The rules that match, in the order of the file, with the patterns."""
        words = words_of(headline)
        found = []
        for rule, patterns in self.rules:
            for pattern, text in zip(patterns, rule["words"]):
                if any(matches(pattern, words, at) for at in range(len(words))):
                    found.append((rule, text))
                    break
        return found

    @functools.lru_cache(maxsize=None)
    def classify(self, headline):
        """(kinetic, digest): speaks of a specific, new act of war; sums up a day, a front or clips."""
        rules = [rule for rule, _ in self.hits(headline)]
        signs = {rule["sign"] for rule in rules}
        deed = any(r["sign"] == "deed" and ("weapon" in signs or not r.get("with_weapon")) for r in rules)
        digest = "digest" in signs
        return deed and "exclude" not in signs and not digest, digest
