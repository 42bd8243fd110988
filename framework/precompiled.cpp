// The target of the precompiled header needs a source; it has no code.
