"""The page that people read says what the table says."""

from pathlib import Path

from apps.accounts.domain.roles import IN_AN_EMERGENCY, Action, Role, allows

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rights.md"


def test_the_page_is_the_table():
    text = PAGE.read_text(encoding="utf-8")
    table = text.split("<!-- table -->")[1].split("<!-- end of the table -->")[0]
    head, _, *lines = [
        [cell.strip() for cell in line.strip("| ").split("|")] for line in table.strip().splitlines()
    ]
    roles = [Role(word.replace(" ", "_")) for word in head[1:-1]]
    assert roles == list(Role)
    assert [line[0].strip("`") for line in lines] == [action.value for action in Action]
    for line in lines:
        action = Action(line[0].strip("`"))
        said = [cell == "yes" for cell in line[1:]]
        assert said == [allows(role, action) for role in roles] + [action in IN_AN_EMERGENCY], action
