"""The index of a brand's knowledge: one file of SQLite.

AWS Lambda's Python 3.11 brings SQLite 3.7.17, of 2013: it has FTS4 and no FTS5, which came two years later.
So FTS4 finds what shares a word with the message, and the ranking, which FTS5 would bring, is done here.
Nothing newer than 3.7.17 may be asked of it (no WITH, no upsert, no partial index).
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from math import log
from pathlib import Path

from chalicelib.domain.knowledge import Hit, Page, Passage, passages
from chalicelib.knowledge.stems import LONGEST, stems

FORM = "1"
"""Of the file; another one is built anew."""
LOOKED_AT = 300
"""Passages that share a word with the message, at most."""
_TABLES = """
CREATE TABLE pages (id TEXT PRIMARY KEY, title TEXT, language TEXT, department TEXT, text TEXT);
CREATE TABLE passages (id INTEGER PRIMARY KEY, page TEXT, n INTEGER, title TEXT, language TEXT,
  department TEXT, questions TEXT, answer TEXT, asked TEXT, said TEXT);
CREATE TABLE words (language TEXT, word TEXT, passages INTEGER, PRIMARY KEY (language, word));
CREATE VIRTUAL TABLE found USING fts4(words, tokenize=simple);
"""
_FREE, _LENGTH = 1.2, 0.75
"""BM25's two numbers, as everybody has them."""
_IN_QUESTION = 3.0
"""What a word counts in the question, against one in its answer."""


def build(path: Path, pages: Iterable[Page]) -> None:
    """Write the index of these pages, whole, to a file that is not there yet."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_TABLES)
        counted: Counter[tuple[str, str]] = Counter()
        for page in pages:
            values = (page.id, page.title, page.language, page.department, page.text)
            db.execute("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", values)
            for passage in passages(page):
                counted.update((page.language, word) for word in _add(db, passage))
        rows = ((language, word, times) for (language, word), times in sorted(counted.items()))
        db.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)


def _add(db: sqlite3.Connection, passage: Passage) -> set[str]:
    """The words that it is found by."""
    language = passage.language
    asked = [stems(question, language) for question in passage.questions]
    said = stems(f"{passage.title} {passage.answer}", language)
    row = (passage.page, passage.n, passage.title, language, passage.department)
    texts = (json.dumps(passage.questions), passage.answer, json.dumps(asked), " ".join(said))
    id = db.execute("INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row + texts).lastrowid
    words = {word for each in asked for word in each} | set(said)
    found = " ".join(sorted(f"{language}x{word}" for word in words))
    db.execute("INSERT INTO found (docid, words) VALUES (?, ?)", (id, found))
    return words


class Index:
    """An index that was built: opened for each look, so that nobody holds it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pages(self) -> list[Page]:
        """By title."""
        query = "SELECT id, title, language, department, text FROM pages ORDER BY title, id"
        names = ("id", "title", "language", "department", "text")
        with closing(self._open()) as db:
            return [Page(**dict(zip(names, row, strict=True))) for row in db.execute(query)]

    def passage(self, page: str, n: int) -> Passage | None:
        with closing(self._open()) as db:
            row = db.execute(_ONE, (page, n)).fetchone()
            return _passage(row) if row else None

    def find(self, text: str, languages: Collection[str], departments: Collection[str]) -> list[Hit]:
        """What these departments may say to a text, in these languages; the best first."""
        with closing(self._open()) as db:
            found = [
                hit
                for language in languages
                for hit in _found(db, stems(text[:LONGEST], language), language, departments)
            ]
        return sorted(found, key=lambda hit: (-hit.rank, hit.passage.page, hit.passage.n))

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)


_ONE = (
    "SELECT page, n, title, language, department, questions, answer, asked, said FROM passages "
    "WHERE page = ? AND n = ?"
)
_SHARING = (
    "SELECT page, n, title, language, department, questions, answer, asked, said FROM passages "
    "WHERE id IN (SELECT docid FROM found WHERE words MATCH ? LIMIT ?)"
)


def _passage(row: tuple[str | int, ...]) -> Passage:
    page, n, title, language, department, questions, answer = row[:7]
    return Passage(
        page=str(page),
        n=int(n),
        title=str(title),
        language=str(language),
        questions=tuple(json.loads(str(questions))),
        answer=str(answer),
        department=str(department),
    )


def _found(
    db: sqlite3.Connection, words: list[str], language: str, departments: Collection[str]
) -> Iterator[Hit]:
    wanted = sorted(set(words))[:100]
    if not wanted:
        return
    asked = " OR ".join(f'"{language}x{word}"' for word in wanted)
    shared = db.execute(_SHARING, (asked, LOOKED_AT))
    rows = [row for row in shared if not row[4] or row[4] in departments]
    weights = _weights(db, language, {word for row in rows for word in _words(row)} | set(wanted))
    usual = sum(len(str(row[8]).split()) for row in rows) / len(rows) if rows else 1.0
    for row in rows:
        variants, said = json.loads(str(row[7])), str(row[8]).split()
        rank = _rank(wanted, variants, said, weights, usual)
        yield Hit(_passage(row), rank, _sure(set(wanted), variants, set(said), weights))


def _words(row: tuple[str | int, ...]) -> set[str]:
    return {word for each in json.loads(str(row[7])) for word in each} | set(str(row[8]).split())


def _weights(db: sqlite3.Connection, language: str, words: Collection[str]) -> dict[str, float]:
    """What each word tells: the rarer, the more; most, where no passage has it."""
    whole = db.execute("SELECT COUNT(*) FROM passages WHERE language = ?", (language,)).fetchone()[0]
    query = "SELECT word, passages FROM words WHERE language = ?"
    known = {word: times for word, times in db.execute(query, (language,)) if word in words}
    return {word: log(1 + (whole - known.get(word, 0) + 0.5) / (known.get(word, 0) + 0.5)) for word in words}


def _rank(
    wanted: Collection[str],
    variants: list[list[str]],
    said: list[str],
    weights: Mapping[str, float],
    usual: float,
) -> float:
    """BM25, in which the question counts more than the answer."""
    times = Counter(said)
    asked = {word for each in variants for word in each}
    found = 0.0
    for word in wanted:
        often = times[word] + _IN_QUESTION * (word in asked)
        spread = _FREE * (1 - _LENGTH + _LENGTH * len(said) / max(usual, 1.0))
        found += weights[word] * often * (_FREE + 1) / (often + spread)
    return found


def _sure(wanted: set[str], variants: list[list[str]], said: set[str], weights: Mapping[str, float]) -> float:
    """From 0 to 1: how much of one of its questions was asked, and how much of what was asked it is about."""
    whole = sum(weights[word] for word in wanted)
    best = 0.0
    for variant in map(set, variants):
        question = sum(weights[word] for word in variant)
        if not question or not whole:
            continue
        asked = sum(weights[word] for word in variant & wanted) / question
        about = sum(weights[word] for word in wanted & (variant | said)) / whole
        best = max(best, asked * about)
    return best
