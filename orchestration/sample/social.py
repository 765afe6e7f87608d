"""What people post about the company on social networks."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.business import Business
from orchestration.sample.columns import joined, masked, moments, numbered, picked
from orchestration.sample.draws import Ints, Keys, repeated
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings

PLATFORMS = ("facebook", "instagram", "x", "tiktok", "telegram")
TOPICS = ("delivery", "prices", "quality", "service", "praise")
BODIES = {
    "en": (
        "Great prices at Duka this week",
        "My parcel is late again",
        "Thank you for the quick help",
    ),
    "sw": ("Bei nzuri sana Duka wiki hii", "Mzigo wangu umechelewa", "Asante kwa huduma"),
    "vi": ("Giá ở Duka tuần này rất tốt", "Hàng giao trễ quá", "Cảm ơn đã hỗ trợ nhanh"),
    "uz": ("Duka narxlari juda yaxshi", "Buyurtmam kechikdi", "Yordam uchun rahmat"),
    "ar": ("أسعار دكا ممتازة هذا الأسبوع", "طلبي متأخر مرة أخرى", "شكرا على سرعة الرد"),
}
POSTS = (0.55, 0.25, 0.12, 0.08)
DAILY_SHARE = 0.012


def profile_handles(business: Business, row: Keys) -> tuple[pa.Array, pa.Array]:
    """Return platform and handle of each profile; no two profiles are alike."""
    world, register = business.world, business.registers.social
    person, key = register.person[row], register.key[row]
    given = world.lexicon.spellbook.letters(
        world.people.given[person], world.draws.uniform("handle", key)
    )
    tail = pc.cast(pa.array((np.asarray(row) + 17) * 37 % 999_983), pa.string())
    platform = picked(
        PLATFORMS, world.draws.choice("social.platform", (0.4, 0.25, 0.1, 0.15, 0.1), key)
    )
    return platform, joined(given, "_", tail)


def mentions_table(business: Business, day: int) -> pa.Table:
    """Return the posts and comments of a day in order of time."""
    world, register, draws = business.world, business.registers.social, business.world.draws
    row, nth, at = _posts(business, day)
    key = register.key[row] * 4096 + nth
    person = register.person[row]
    profile = register.key[row]
    scribe = Scribe(world, Sightings("social", person, profile, register.created_at[row]))
    platform, handle = profile_handles(business, row)
    stamp = world.config.date_of(day).strftime("%y%m%d")
    number = np.arange(len(row))
    # A comment answers an earlier post of the same delivery.
    answers = draws.chance("social.comment", 0.3, key) & (number > 0)
    parent = np.where(answers, draws.below("social.parent", np.maximum(number, 1), key), -1)
    languages = list(BODIES)
    own = np.array([languages.index(one.language) for one in world.places.countries])
    language = np.where(
        draws.chance("social.english", 0.3, key), 0, own[world.people.country[person]]
    )
    body = language * 3 + draws.below("social.body", 3, key)
    return pa.table(
        {
            "mention_id": numbered(f"M{stamp}", number, 6),
            "parent_mention_id": numbered(f"M{stamp}", parent, 6),
            "platform": platform,
            "handle": handle,
            "display_name": scribe.full_name(),
            "profile_email": scribe.email(),
            "country": masked(scribe.country(), draws.chance("social.no_country", 0.25, profile)),
            "posted_at": moments(at),
            "topic": picked(TOPICS, draws.below("social.topic", len(TOPICS), key)),
            "language": picked(languages, language),
            "body": picked([text for texts in BODIES.values() for text in texts], body),
        }
    )


def _posts(business: Business, day: int) -> tuple[Ints, Ints, Ints]:
    """Return row, n-th post and moment of the posts of a day; whoever joins posts at once."""
    world, register, draws = business.world, business.registers.social, business.world.draws
    new = np.flatnonzero(register.day == day)
    count = (
        1 + draws.choice("social.posts", POSTS, register.key[new])
        if day == 1
        else np.ones(len(new), np.int64)
    )
    row, nth = repeated(new, count)
    if day > 1:
        known = np.arange(register.upto(day - 1))
        again = known[
            draws.chance("social.again", DAILY_SHARE, register.key[known], known * 0 + day)
        ]
        row, nth = np.concatenate([row, again]), np.concatenate([nth, again * 0 + 100 + day])
    created = register.created_at[row]
    opens = np.maximum(created, world.config.opens(day))
    room = world.config.closes(day) - opens
    later = (draws.uniform("social.at", register.key[row], nth) * room).astype(np.int64)
    at = np.where(nth == 0, created, opens + later)
    order = np.lexsort((nth, row, at))
    return row[order], nth[order], at[order]
