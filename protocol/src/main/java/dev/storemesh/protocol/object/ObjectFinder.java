package dev.storemesh.protocol.object;

import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.ObjectToken;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Finds objects by what they hold. It names candidates: objects for which the thing is true or *ever was*, at any
/// location; whoever asks looks at the object's view.
public sealed interface ObjectFinder permits ObjectIndex, HeldObjects.Finder {
    /// Objects with a value that matches this one: strings by their folded text.
    Postings holding(DefinitionName definition, Value value);

    /// Objects with a string that begins with this folded text, which is not empty.
    Postings withPrefix(DefinitionName definition, String folded);

    /// Objects with a string that has this folded word.
    Postings withWord(DefinitionName definition, String word);

    /// Objects that refer to this one by any definition.
    Postings referring(ObjectToken target);

    /// Objects that were referred to, with those that did, by one definition or by any; one may come twice.
    Collection<Map.Entry<Value, Postings>> references(Optional<DefinitionName> definition);

    /// All objects of a type.
    Postings ofType(TypeName type);
}
