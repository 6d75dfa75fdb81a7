package dev.storemesh.ops.importer;

import java.util.List;

/// What became of one row of a file.
public sealed interface Row {
    /// As a spreadsheet counts: the header is row 1.
    long number();

    /// The schema allows it.
    record Taken(long number, ImportObject object, List<Remark> remarks) implements Row {
        public Taken {
            remarks = List.copyOf(remarks);
        }
    }

    /// Nothing of it is taken.
    ///
    /// @param name what the row calls itself, for people
    /// @param reasons all that is wrong, never empty
    record Refused(long number, String name, List<String> reasons) implements Row {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}
