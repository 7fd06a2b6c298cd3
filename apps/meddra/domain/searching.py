"""What a person types to find a term: the beginnings of words, in any order."""

import re
import unicodedata

MIN_LETTERS = 2
MAX_WORDS = 8
MAX_LENGTH = 120
_WORD = re.compile(r"\w+")


def search_words(text: str) -> tuple[str, ...]:
    """The words to search for, folded; none when there is too little to search by."""
    folded = unicodedata.normalize("NFKC", text[:MAX_LENGTH]).casefold()
    words = tuple(dict.fromkeys(_WORD.findall(folded)))[:MAX_WORDS]
    return words if sum(map(len, words)) >= MIN_LETTERS else ()


def prefix_query(words: tuple[str, ...]) -> str:
    """The words as PostgreSQL's text search reads them: each the beginning of one."""
    return " & ".join(f"'{word}':*" for word in words)


def rank(name: str, words: tuple[str, ...]) -> tuple[bool, bool, int, str]:
    """Order of what was found: the very words first, then what begins with them, then the shorter."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    typed = " ".join(words)
    return (folded != typed, not folded.startswith(typed), len(folded), folded)
