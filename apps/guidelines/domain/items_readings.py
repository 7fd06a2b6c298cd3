"""Reading what a source document is: its letter, its prescribers, its statements."""

from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.readings import TOPICS, Letter, NamedItem, SiteApproval, Statement


def letter(node: Node) -> Letter:
    """The letter a guideline came with."""
    years = node.integer("valid_years")
    if not years:
        raise refuse(f"{node.where}.valid_years", "must be above zero")
    return Letter(
        number=node.text("number"),
        dated=node.day("dated"),
        dated_jalali=node.text("dated_jalali"),
        valid_years=years,
        quote=node.text("quote"),
    )


def site_approval(node: Node) -> SiteApproval:
    """Who wrote and who approved a document of the site."""
    return SiteApproval(
        author=node.text("author"),
        approver=node.text("approver"),
        approved_on=node.day("approved_on"),
        number=node.integer("number"),
    )


def named_item(node: Node) -> NamedItem:
    """A specialty or a place of treatment."""
    return NamedItem(code=node.text("code"), name=node.local_text("name"), citation=node.citation())


def statement(node: Node, document: str) -> Statement:
    """A statement of a document; its figures are decimal texts."""
    figures = node.child("figures")
    return Statement(
        document=document,
        code=node.text("code"),
        topic=node.one_of("topic", *TOPICS),
        text=node.local_text("text"),
        remark=node.optional_local_text("remark"),
        figures=tuple((name, f"{figures.decimal(name):f}") for name in figures.data),
        citation=node.citation(),
    )
