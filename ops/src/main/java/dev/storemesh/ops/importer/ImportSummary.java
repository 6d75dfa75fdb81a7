package dev.storemesh.ops.importer;

import java.time.Duration;
import java.util.List;

/// What an import did.
///
/// @param version that the catalog had at the end
/// @param took from the first request to the last answer
public record ImportSummary(List<Part> parts, long version, Duration took) {
    /// One file's share. The four counts add up to `rows`.
    public record Part(
            String what,
            long rows,
            long created,
            long changed,
            long unchanged,
            List<Row.Refused> refused,
            List<Remark> remarks) {
        public Part {
            refused = List.copyOf(refused);
            remarks = List.copyOf(remarks);
        }
    }

    public ImportSummary {
        parts = List.copyOf(parts);
    }

    public boolean changedNothing() {
        return parts.stream().allMatch(part -> part.created() == 0 && part.changed() == 0);
    }

    /// Rows that the catalog now holds, whether or not they had to be sent.
    public long taken() {
        return parts.stream()
                .mapToLong(part -> part.created() + part.changed() + part.unchanged())
                .sum();
    }

    public long sent() {
        return parts.stream().mapToLong(part -> part.created() + part.changed()).sum();
    }
}
