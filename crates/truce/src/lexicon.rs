//! Which reports speak of a new act of war: a list of words, measured on a sample.
