"""Groups and what people say in them. Verbs take who first, then what; they give out what is to be told."""
