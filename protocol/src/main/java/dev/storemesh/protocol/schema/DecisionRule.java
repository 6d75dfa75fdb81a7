package dev.storemesh.protocol.schema;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.RuleName;
import dev.storemesh.protocol.value.TypeName;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How HQ decides a change of a value that a store asks for, where nobody looks at it. It speaks of a change to which
/// all of its conditions apply; a condition that is not there applies to any. Of several that speak of a change, the
/// one of the lowest `order` does, then the first by name.
///
/// @param definitions the attributes that are changed
/// @param stores the stores that ask
/// @param roles the roles of the people who ask, such as `store_manager`
/// @param type of the object that is changed
/// @param where what the object must hold besides
/// @param withinPercent by how much of its old value a number or an amount of the same currency changes at most
/// @param conflicts whether it speaks of values, too, that changed at HQ since the store saw them
public record DecisionRule(
        RuleName name,
        Decision decision,
        long order,
        Set<DefinitionName> definitions,
        Set<String> stores,
        Set<String> roles,
        Optional<TypeName> type,
        Optional<Where> where,
        Optional<BigDecimal> withinPercent,
        boolean conflicts) {
    public DecisionRule {
        definitions = Set.copyOf(definitions);
        stores = Set.copyOf(stores);
        roles = Set.copyOf(roles);
    }

    /// What becomes of the change. In JSON in lower case.
    public enum Decision {
        APPROVE,
        REJECT;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The object has one of these values, as text, of an attribute: a department's token, say.
    public record Where(DefinitionName attribute, Set<String> values) {
        public Where {
            values = Set.copyOf(values);
        }
    }
}
