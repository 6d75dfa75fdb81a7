package dev.storemesh.ops.history;

import java.util.List;

/// All that clients asked for in one run, and when which node could not be trusted to know what is new.
public record Chronicle(List<Operation> operations, List<Doubt> doubts) {
    public Chronicle {
        operations = List.copyOf(operations);
        doubts = List.copyOf(doubts);
    }

    /// A node that was frozen, from then on until it had ended or was known to be one of the site again. When it
    /// wakes others may have taken its catalogs over, and it does not know yet.
    public record Doubt(int node, long from, long until) {
        boolean touches(Operation operation) {
            return operation.node() == node && operation.invoked() <= until && operation.ended() >= from;
        }
    }
}
