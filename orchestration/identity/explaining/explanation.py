"""What an answer to "why are these one person, or why not?" consists of. Plain data, no values.

An explanation names records by their keys and fields by how alike they are; the values of a person
stay in the warehouse.
"""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The one reason that decides."""

    MATCHED_BY_EVIDENCE = "matched by evidence"
    MATCHED_BY_CHAIN = "matched through a chain"
    MATCHED_BY_JUDGEMENT = "matched by a judgement"
    NEVER_COMPARED = "never compared"
    SCORED_TOO_LOW = "scored too low"
    KEPT_APART_BY_GUARD = "kept apart by a guard"
    KEPT_APART_BY_OTHERS = "kept apart by the other records"
    KEPT_APART_BY_JUDGEMENT = "kept apart by a judgement"

    @property
    def is_match(self) -> bool:
        """Whether the two are one customer, or become one when the run goes on."""
        return self.value.startswith("matched")


class KeyState(StrEnum):
    """Why a blocking key does or does not bring two records together."""

    SHARED = "shared"
    DIFFERENT = "different"
    MISSING = "missing"
    BLOCK_TOO_LARGE = "block too large"


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """How alike one field is, and how many bits this speaks for one person."""

    field: str
    level: str
    weight: float
    missing_in: tuple[str, ...] = ()  # which of the two records lack it
    placeholder_in: tuple[str, ...] = ()  # which show a value that too many people carry


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What became of one blocking rule for two records."""

    rule: str
    state: KeyState
    # The keys of the rule that stood in the way, as `column.key`, and whose block is how large.
    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    block_records: int | None = None


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One step of a chain of links from the one record to the other."""

    left_record_id: str
    right_record_id: str
    probability: float


@dataclass(frozen=True, slots=True)
class JudgementNote:
    """What a steward decided about the two."""

    judgement: str
    author: str
    reason: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records are, or are not, one customer."""

    left_record_id: str
    right_record_id: str
    left_customer_id: str
    right_customer_id: str
    verdict: Verdict
    probability: float  # of the pair alone, under the model in use
    match_weight: float
    threshold: float
    evidence: tuple[FieldEvidence, ...]
    other_weight: float  # how rare matches are, rules, households, namesakes
    rules: tuple[RuleOutcome, ...]
    chain: tuple[ChainLink, ...] = ()
    guard: str | None = None
    guard_reason: str | None = None
    guarded_pair: tuple[str, str] | None = None  # where the guard looks at another pair of the two
    judgements: tuple[JudgementNote, ...] = ()
    test_records: tuple[str, ...] = ()  # whose values are not looked at
    is_waiting: bool = False  # the verdict is that of clusters which ids do not follow yet
    model_version: str = ""

    @property
    def weakest_link(self) -> ChainLink | None:
        """The link of the chain that is most worth a doubt."""
        return min(self.chain, key=lambda link: link.probability) if self.chain else None

    @property
    def was_compared(self) -> bool:
        """Whether a blocking rule brought the two together."""
        return any(outcome.state is KeyState.SHARED for outcome in self.rules)
