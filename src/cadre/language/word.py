"""Usual English words by what they do at the beginning of a turn or in it; lower case."""

# ruff: noqa: SIM905  a paragraph of words reads better than a column

GREETING = frozenset(
    """
    hi hello hey hiya yo morning greetings howdy evening afternoon dear salut hola hallo
""".split()
)
YES_NO = frozenset(
    """
    yes no yeah yep nope yup ya nah sure correct right exactly indeed true nay aye
""".split()
)
ACKNOWLEDGING = frozenset(
    """
    ok okay k thanks thx ty thank cool great ah oh aha nice hmm hm mm mhm uh-huh alright kk cheers
""".split()
)
ASKING = frozenset(
    """
    what how why where who which when can could is are do does did has have any anyone anybody someone
    will would
""".split()
)
TO_ALL = frozenset(
    """
    anyone anybody someone somebody everyone everybody all guys folks channel here team
""".split()
)
LINKING = frozenset(
    """
    and but so then or because also which that unless though then
""".split()
)
TO_YOU = frozenset(
    """
    you your you're u ur yours yourself you'll you've you'd
""".split()
)
OF_ME = frozenset(
    """
    i i'm my me i've i'd im mine i'll ive
""".split()
)
POINTING = frozenset(
    """
    it that this those these they them he she there
""".split()
)
OPENERS = (
    GREETING
    | YES_NO
    | ACKNOWLEDGING
    | ASKING
    | TO_ALL
    | LINKING
    | TO_YOU
    | OF_ME
    | POINTING
    | frozenset(
        """
    sorry apologies please pls well also now actually btw anyway however otherwise finally first second
    next note edit update problem solution error regards question fyi unfortunately currently maybe
    perhaps probably if when after before for in on at to from with as by not just only still again
    today tomorrow yesterday there here basically alternatively additionally afaik imo imho ps re fixed
    done solved issue cause steps result summary
""".split()
    )
)
"""Words that open a sentence before a comma or colon and are nobody's name."""
