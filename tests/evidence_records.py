"""Records of evidence that nobody made, for tests of the ledger."""

from hypothesis import strategies as st

from claims.campaigns.records import Failure, Fate, Piece, Place, Ratio, Record

HERE = Place(
    files="a" * 64,
    version="0.1.0",
    commit="5e1f75d",
    python="3.11.7",
    tools={"numpy": "2.0.0", "hypothesis": "6.139.0"},
    machine="Linux x86_64",
)
CHECK = "claims/balance/balancedness/laws.py::test_real_data[iris]"


def record(check=CHECK, seed=1, examples=100, *, uid="DL-002", place=HERE, fate=Fate.PASSED, **changes):
    """A piece that passed, or failed with an example, or is broken with a reason; ``changes`` are of its fields."""
    fields = {"decided": 0 if fate is Fate.BROKEN else examples // 2, "seconds": 2.5, "started": 1.7e9}
    fields |= {"verdicts": {"float64 with a rounding bound": 7, "rationals": 3}} if fate is not Fate.BROKEN else {}
    fields |= {"failures": (failure(),)} if fate is Fate.FAILED else {}
    fields |= {"reason": "the process was killed"} if fate is Fate.BROKEN else {}
    return Record(Piece(uid, check, seed, examples), place, fate, **(fields | changes))


def failure():
    return Failure({"sentence": "1 < 0 fails", "instance": "weights = ((1,),)"}, "python -m pytest x.py --seed 1")


texts = st.text(st.characters(exclude_categories=()), max_size=20)
counts = st.integers(0, 2**63 - 1)
numbers = st.floats(0, 1e15)
places = st.builds(
    Place,
    files=st.sampled_from(["a" * 64, "b" * 64]),
    version=st.sampled_from(["0.1.0", "0.2.0"]),
    commit=st.sampled_from(["", "5e1f75d", "5e1f75d+"]),
    python=st.just("3.11.7"),
    tools=st.dictionaries(texts, texts, max_size=2),
    machine=texts,
)
ratios = st.builds(Ratio, quantity=texts, observed=numbers, guaranteed=st.floats(1e-200, 1e15), state=texts)
failures = st.builds(Failure, told=st.dictionaries(texts, texts, max_size=2), reproduce=texts)


@st.composite
def records(draw):
    """Anything that a ledger holds; of few identities, so that two records often have the same."""
    fate = draw(st.sampled_from(Fate))
    examples = draw(st.sampled_from([10, 100]))
    return Record(
        piece=Piece("DL-002", draw(st.sampled_from([CHECK, "claims/x.py::test_ü"])), draw(st.integers(0, 1)), examples),
        place=draw(places),
        fate=fate,
        decided=draw(st.integers(0, examples)),
        seconds=draw(numbers),
        started=draw(numbers),
        verdicts=draw(st.dictionaries(texts, counts, max_size=2)),
        ratios=tuple(draw(st.lists(ratios, max_size=2))),
        failures=tuple(draw(st.lists(failures, max_size=2))) if fate is Fate.FAILED else (),
        reason=draw(texts.filter(bool)) if fate is Fate.BROKEN else "",
    )
