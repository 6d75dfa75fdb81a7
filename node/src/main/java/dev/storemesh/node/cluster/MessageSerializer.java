package dev.storemesh.node.cluster;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/// The messages between the actors of a site, as they travel from one of its nodes to another; never stored. Bound
/// to the messages' classes in `site.conf`.
///
/// The form follows from the classes: a record is its components in order, each class named once per message
/// together with its components. So a node can read what another version of the program sends, as long as what one
/// of them lacks has a default ([MessageReader]). Only classes of ours are ever made, by their constructors, which
/// guard themselves.
public final class MessageSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 1_937_010_542;

    /// The form of the bytes.
    private static final String MANIFEST = "1";

    private final ActorRefResolver refs;

    /// Called by Pekko.
    public MessageSerializer(ExtendedActorSystem system) {
        this.refs = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object message) {
        return new MessageWriter(refs).write(message);
    }

    /// @throws UnreadableMessageException if another version of the program sent what this one cannot read
    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        if (!manifest.equals(MANIFEST)) {
            throw new UnreadableMessageException("manifest: \"" + manifest + "\" (expected: \"" + MANIFEST + "\")");
        }
        return new MessageReader(refs, bytes).read();
    }
}
