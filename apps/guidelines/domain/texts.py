"""What every guideline item carries: its wording in three languages and where it comes from."""

from dataclasses import dataclass

# How much of a source was read, strongest first; `derived` was worked out here from read sources,
# `unverified` stands for general knowledge that no source was read for.
READ = ("whole", "excerpt", "derived", "unverified")


@dataclass(frozen=True, slots=True)
class LocalText:
    """One wording in English, Norwegian bokmål and Persian."""

    en: str
    nb: str
    fa: str

    def as_mapping(self) -> dict[str, str]:
        """Language code to wording, as sentences take it."""
        return {"en": self.en, "nb": self.nb, "fa": self.fa}

    def in_language(self, language: str) -> str:
        """The wording for a language code such as `nb`, `nb-NO` or `fa`; English for any other."""
        primary = language.replace("_", "-").split("-")[0]
        return {"nb": self.nb, "no": self.nb, "fa": self.fa}.get(primary, self.en)


@dataclass(frozen=True, slots=True)
class Source:
    """A cited document. `read` says how much of it was read: one of `READ`."""

    key: str
    title: str
    read: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure or rule comes from, with the source's own words when they are quoted."""

    sources: tuple[Source, ...]
    section: str
    quote: str

    @property
    def label(self) -> str:
        """The sources and the section in one line."""
        titles = "; ".join(source.title for source in self.sources)
        return f"{titles}: {self.section}" if self.section else titles

    @property
    def keys(self) -> tuple[str, ...]:
        """The source keys, as in sources.yaml."""
        return tuple(source.key for source in self.sources)

    @property
    def read(self) -> str:
        """`whole` when every cited document was read whole, else the weakest of `READ`."""
        return max((source.read for source in self.sources), key=READ.index, default="whole")
