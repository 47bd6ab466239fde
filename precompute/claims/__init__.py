"""The paper's claims on trial: rules fixed before looking at results; frames in, verdicts out."""
