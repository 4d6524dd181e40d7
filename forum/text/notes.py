"""Content notes: a key, and the neutral noun that readers see."""

NOTE_KINDS: dict[str, str] = {
    "suicide": "thoughts of suicide",
    "self_injury": "self-injury",
    "abuse": "abuse",
    "family_violence": "family violence",
    "sexual_violence": "sexual violence",
    "family_conflict": "family conflict",
    "eating": "eating and body",
    "alcohol_drugs": "alcohol and other drugs",
    "loss": "death and loss",
    "being_left": "being left",
}
