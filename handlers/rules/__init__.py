"""Pure rules: values in, decisions out."""
