"""The fields that tell people apart when a key has to be known again.

One field may be corrected or shared by chance, so that conclusions need two that can be compared.
"""

TELLING_FIELDS = {
    "name": ("given_name", "family_name"),
    "birth_date": ("birth_year", "birth_month", "birth_day"),
    "email": ("email",),
    "phone": ("phone",),
    "national_id": ("national_id",),
}
LEAST_FIELDS = 2
