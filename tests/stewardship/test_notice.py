"""The notice tells of what is there, and a published text that lacks a section is found."""

from cadre.stewardship.notice import missing_sections, notice_text


def test_it_says_what_declarations_are_for_how_they_are_read_and_how_they_are_taken_back() -> None:
    text = notice_text("Firm", "Ask me")

    assert [True] * 4 == [
        words in text
        for words in (
            "This is voluntary",
            "estimates fall out differently for groups",
            "in aggregate only",
            "is then erased",
        )
    ]


def test_a_text_from_before_declarations_lacks_their_section() -> None:
    old = "\n\n".join(
        part for part in notice_text("Firm", "Ask me").split("\n\n") if not part.startswith("## What you may say")
    )

    assert ("What you may say about yourself",) == missing_sections(old)
    assert () == missing_sections(notice_text("Firm", "Ask me"))
    assert () == missing_sections("")
