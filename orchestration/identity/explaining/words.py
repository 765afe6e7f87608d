"""Tell an explanation in sentences: the verdict first, then what led to it."""

from collections.abc import Iterator, Sequence

from orchestration.identity.explaining.explanation import (
    Explanation,
    FieldEvidence,
    KeyState,
    RuleOutcome,
    Verdict,
)

TELLING_BITS = 1.0
_NAMED_RULES = 3


def sentences(found: Explanation) -> list[str]:
    """Return the explanation as sentences, most important first."""
    return [_verdict(found), *_details(found), *_remarks(found)]


def _verdict(found: Explanation) -> str:
    both = f"{found.left_record_id} and {found.right_record_id}"
    one = f"one customer, {found.left_customer_id}"
    two = f"two customers, {found.left_customer_id} and {found.right_customer_id}"
    is_match = found.verdict.is_match
    if not found.is_waiting:
        return f"{both} are {one if is_match else two}: {found.verdict}."
    changes = f"are still {two}, and become one" if is_match else f"are still {one}, and become two"
    return f"{both} {changes} when the run goes on: {found.verdict}."


def _details(found: Explanation) -> Iterator[str]:
    match found.verdict:
        case Verdict.MATCHED_BY_EVIDENCE:
            yield f"Taken alone they are one person with probability {found.probability:.4f}."
            yield from _for_and_against(found)
        case Verdict.MATCHED_BY_CHAIN:
            yield from _chain(found)
        case Verdict.NEVER_COMPARED:
            yield from _never_compared(found)
        case Verdict.SCORED_TOO_LOW:
            yield (
                f"Their probability is {found.probability:.4f}; "
                f"from {found.threshold:g} on they would be linked."
            )
            yield from _for_and_against(found)
            yield from _lacking(found)
            if found.guard:
                yield f"{_guard(found)}. With a higher probability it would still decide."
        case Verdict.KEPT_APART_BY_GUARD:
            yield from _guarded(found)
        case Verdict.KEPT_APART_BY_OTHERS:
            yield (
                f"The two alone would be linked (probability {found.probability:.4f}), but on "
                "average the other records of the two customers speak against it."
            )
            yield from _for_and_against(found)
        case Verdict.MATCHED_BY_JUDGEMENT | Verdict.KEPT_APART_BY_JUDGEMENT:
            yield from (
                f"{note.author} judged on {note.decided_at}: {note.judgement} ({note.reason})."
                for note in found.judgements
            )
            yield f"Without it their probability is {found.probability:.4f}."


def _remarks(found: Explanation) -> Iterator[str]:
    for record in found.test_records:
        yield f"{record} is a test account: its values are not looked at."
    for part in found.evidence:
        if part.placeholder_in:
            where = " and ".join(part.placeholder_in)
            yield (
                f"The {_word(part.field)} in {where} is a placeholder that too many people carry: "
                "it counts as missing."
            )


def _for_and_against(found: Explanation) -> Iterator[str]:
    ranked = sorted(found.evidence, key=lambda part: -abs(part.weight))
    for word, sign in (("For", 1), ("Against", -1)):
        telling = [part for part in ranked if part.weight * sign >= TELLING_BITS]
        if telling:
            yield f"{word} one person: {', '.join(map(_evidence, telling))}."
    yield (
        f"Everything else (how rare matches are, what the rules and households explain): "
        f"{found.other_weight:+.1f} bits; together {found.match_weight:+.1f}."
    )


def _lacking(found: Explanation) -> Iterator[str]:
    missing = [part for part in found.evidence if part.missing_in and not part.placeholder_in]
    if missing:
        named = (f"{_word(part.field)} ({' and '.join(part.missing_in)})" for part in missing)
        yield f"Missing, so without weight: {', '.join(named)}."


def _chain(found: Explanation) -> Iterator[str]:
    yield f"The two alone would not be linked (probability {found.probability:.4f})."
    if found.chain:
        path = found.chain[0].left_record_id + "".join(
            f" -{link.probability:.3f}- {link.right_record_id}" for link in found.chain
        )
        yield f"The strongest chain between them: {path}."
    if found.weakest_link:
        link = found.weakest_link
        yield (
            f"Its weakest link is {link.left_record_id} - {link.right_record_id} "
            f"({link.probability:.3f})."
        )
    yield from _for_and_against(found)


def _never_compared(found: Explanation) -> Iterator[str]:
    yield (
        f"None of {len(found.rules)} blocking rules brought them together; compared, their "
        f"probability would be {found.probability:.4f}."
    )
    by_state = {state: [rule for rule in found.rules if rule.state is state] for state in KeyState}
    for rule in by_state[KeyState.BLOCK_TOO_LARGE]:
        yield f"{rule.rule}: a block of {rule.block_records:,} records, too many to compare."
    differing = by_state[KeyState.DIFFERENT]
    nearest = sorted(differing, key=lambda rule: (len(rule.different), rule.rule))
    for rule in nearest[:_NAMED_RULES]:
        yield f"{rule.rule}: different {_named(rule.different)}."
    rest = len(nearest) - _NAMED_RULES
    if rest > 0:
        yield f"{rest} more rules differ likewise."
    yield from _missing_keys(by_state[KeyState.MISSING])


def _missing_keys(rules: Sequence[RuleOutcome]) -> Iterator[str]:
    keys = sorted({key.split(".")[0] for rule in rules for key in rule.missing})
    if keys:
        yield f"{len(rules)} rules could not look: {', '.join(map(_word, keys))} missing."


def _guarded(found: Explanation) -> Iterator[str]:
    yield f"{_guard(found)}."
    yield f"Taken alone their probability is {found.probability:.4f}."
    yield from _for_and_against(found)


def _guard(found: Explanation) -> str:
    own = (found.left_record_id, found.right_record_id)
    pair = found.guarded_pair or own
    where = "" if pair == own else f" between {pair[0]} and {pair[1]}"
    return f"Guard {found.guard}{where}: {found.guard_reason}"


def _evidence(part: FieldEvidence) -> str:
    return f"{_word(part.field)} {part.level} ({part.weight:+.1f} bits)"


def _named(keys: Sequence[str]) -> str:
    return " and ".join(_word(key.replace(".", " (", 1) + ")") for key in keys)


def _word(name: str) -> str:
    return name.replace("_", " ")
