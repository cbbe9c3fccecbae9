//! Agreements as signed: parties, readings, periods, lines, zones, clauses.
