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
        self.rules = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        self.by_letter = {}
        for index, rule in enumerate(self.rules):
            for text in rule["words"]:
                pattern = pattern_of(text)
                self.by_letter.setdefault(pattern[0][0][0], []).append((pattern, index, text))

    def hits(self, headline):
        """[(rule, words that matched)], one for each rule, in the order of the file."""
        words = words_of(headline)
        found = {}
        for at, word in enumerate(words):
            for pattern, index, text in self.by_letter.get(word[0], ()):
                if index not in found and matches(pattern, words, at):
                    found[index] = text
        return [(self.rules[index], found[index]) for index in sorted(found)]

    @functools.lru_cache(maxsize=None)
    def classify(self, headline):
        """(kinetic, digest): speaks of a specific, new act of war; sums up a day, a front or clips."""
        rules = [rule for rule, _ in self.hits(headline)]
        signs = {rule["sign"] for rule in rules}
        deed = any(r["sign"] == "deed" and ("weapon" in signs or not r.get("with_weapon")) for r in rules)
        digest = "digest" in signs
        return deed and "exclude" not in signs and not digest, digest
