"""The answer engine: documents are cut into passages, passages are ranked for a question, and a calibrated confidence
says whether the best of them is an answer. Pure: no network, no store, no clock."""
