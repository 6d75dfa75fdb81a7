package dev.storemesh.protocol.access;

import java.util.Locale;

/// What a principal may do; in JSON in lower case. Whatever is not named here is denied.
public enum Role {
    /// Everything at this site but what only a store's link does.
    OPERATOR,
    EDITOR,
    APPROVER,
    READER,
    /// A store's link: made by enrolment alone.
    STORE;

    public boolean may(Permission permission) {
        return switch (this) {
            case OPERATOR -> permission != Permission.OFFER;
            case EDITOR -> permission == Permission.READ || permission == Permission.WRITE;
            case APPROVER -> permission == Permission.READ || permission == Permission.DECIDE;
            case READER -> permission == Permission.READ;
            case STORE -> permission == Permission.READ || permission == Permission.OFFER;
        };
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A role that a token can be made for.
    ///
    /// @throws IllegalArgumentException for any other text, also for `store`
    public static Role parse(String wireName) {
        for (var role : values()) {
            if (role != STORE && role.wireName().equals(wireName)) {
                return role;
            }
        }
        throw new IllegalArgumentException(
                "role: \"" + wireName + "\" (expected: operator, editor, approver or reader)");
    }
}
