package dev.storemesh.protocol.access;

import static dev.storemesh.protocol.access.Permission.ASK;
import static dev.storemesh.protocol.access.Permission.AUDIT;
import static dev.storemesh.protocol.access.Permission.BULK;
import static dev.storemesh.protocol.access.Permission.DECIDE;
import static dev.storemesh.protocol.access.Permission.FOLLOW;
import static dev.storemesh.protocol.access.Permission.OFFER;
import static dev.storemesh.protocol.access.Permission.OWN;
import static dev.storemesh.protocol.access.Permission.PLACE;
import static dev.storemesh.protocol.access.Permission.READ;
import static dev.storemesh.protocol.access.Permission.RULE;
import static dev.storemesh.protocol.access.Permission.SEE_REQUESTS;
import static dev.storemesh.protocol.access.Permission.SEE_STORES;
import static dev.storemesh.protocol.access.Permission.SHAPE;
import static dev.storemesh.protocol.access.Permission.WATCH;
import static dev.storemesh.protocol.access.Permission.WITHDRAW;
import static dev.storemesh.protocol.access.Permission.WRITE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What a principal may do; in JSON in lower case. Whatever is not named here is denied.
public enum Role {
    /// Everything at this site but what only a store's link does.
    OPERATOR(Where.ANYWHERE, EnumSet.complementOf(EnumSet.of(OFFER))),
    /// At HQ.
    EDITOR(
            Where.ANYWHERE,
            EnumSet.of(READ, SEE_REQUESTS, FOLLOW, ASK, WRITE, SHAPE, PLACE, RULE, BULK, WITHDRAW, OWN, SEE_STORES)),
    /// At HQ.
    APPROVER(Where.ANYWHERE, EnumSet.of(READ, SEE_REQUESTS, FOLLOW, DECIDE, SEE_STORES)),
    READER(Where.EITHER, EnumSet.of(READ, SEE_REQUESTS, FOLLOW)),
    /// A store's link: made by enrolment alone.
    STORE(Where.IN_ONE_STORE, EnumSet.of(READ, SEE_REQUESTS, FOLLOW, OFFER)),
    /// A till.
    LANE(Where.IN_ONE_STORE, EnumSet.of(READ)),
    CLERK(Where.IN_ONE_STORE, EnumSet.of(READ, SEE_REQUESTS, ASK)),
    STORE_MANAGER(Where.IN_ONE_STORE, EnumSet.of(READ, SEE_REQUESTS, ASK, WITHDRAW, OWN)),
    /// A program; what it writes lies in the namespaces that it claimed.
    APP(Where.ANYWHERE, EnumSet.of(READ, ASK, WRITE, SHAPE)),
    /// Sees everything, changes nothing.
    AUDITOR(Where.ANYWHERE, EnumSet.of(READ, SEE_REQUESTS, FOLLOW, SEE_STORES, AUDIT, WATCH));

    /// Whether a role is of one store.
    private enum Where {
        ANYWHERE,
        EITHER,
        IN_ONE_STORE
    }

    private final Where where;
    private final long permissions; // a bit for each, by its ordinal

    Role(Where where, Set<Permission> permissions) {
        this.where = where;
        this.permissions = permissions.stream().mapToLong(Role::bit).reduce(0, (some, more) -> some | more);
    }

    @SuppressWarnings("EnumOrdinal") // in memory only: what is stored has numbers of its own
    private static long bit(Permission permission) {
        return 1L << permission.ordinal();
    }

    public boolean may(Permission permission) {
        return (permissions & bit(permission)) != 0;
    }

    /// Whether a token of this role is for one store, always.
    public boolean needsStore() {
        return where == Where.IN_ONE_STORE;
    }

    public boolean takesStore() {
        return where != Where.ANYWHERE;
    }

    /// The roles whose tokens can be for one store, and follow the link to it.
    static List<Role> forStaff() {
        return Arrays.stream(values())
                .filter(role -> role != STORE && role.takesStore())
                .toList();
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
        throw new IllegalArgumentException("role: \"" + wireName + "\" (expected: "
                + Arrays.stream(values())
                        .filter(role -> role != STORE)
                        .map(Role::wireName)
                        .collect(Collectors.joining(", "))
                + ")");
    }
}
