package dev.storemesh.http.route;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// One method of one path, as data: who may call it, what it takes, every status it can answer. There is none
/// without an [Admission], and everybody is admitted to health only.
///
/// Its handler translates, asks a port, translates. It runs once everything named here has been checked.
public record Endpoint(
        String method,
        String template,
        Admission admission,
        Set<String> parameters,
        Body body,
        Set<Integer> ownStatuses,
        Transaction transaction,
        AtStore atStore,
        Function<Call, CompletionStage<Reply>> handler) {
    /// Whether a request has a body, which is then JSON.
    public enum Body {
        NONE,
        OPTIONAL,
        REQUIRED,
        /// Lines of JSON, perhaps packed, which its handler takes while they come.
        LINES
    }

    /// What a catalog's open transaction is to it.
    public enum Transaction {
        /// Nothing: it shows what everybody sees, or is about something else.
        NONE,
        /// Who shows its lock sees it.
        READ,
        /// Who shows its lock adds a step to it; others are kept out, and may wait for its end.
        WRITTEN,
        /// It keeps everybody out, who may wait for its end.
        AWAITED;

        boolean keepsOut() {
            return this == WRITTEN || this == AWAITED;
        }
    }

    /// Where a request is answered that comes to a store.
    public enum AtStore {
        /// There, whether HQ is within reach or not.
        HERE,
        /// There, and by HQ what takes more than the store holds (see [FollowedScope]).
        HERE_AS_FAR_AS_HELD,
        /// There, and nowhere else, since it is about the node that is asked: whom that does not know is refused.
        BY_NODE,
        /// There, unless the body asks for what only HQ does (see [HqsWrites]).
        HERE_BY_BODY,
        /// There, into its queue for HQ, whether HQ is within reach or not.
        QUEUED,
        /// At HQ. While HQ is away it is 503, for who asks again later.
        AT_HQ,
        /// At HQ. While HQ is away it is refused: nobody should wait for it.
        AT_HQ_OR_REFUSED
    }

    public Endpoint {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("template: " + template + " (expected: an absolute path)");
        }
        if (admission.equals(Admission.NOBODY_NEEDED) && !template.startsWith("/health/")) {
            throw new IllegalArgumentException("admission to " + template + ": everybody (expected: only to /health/)");
        }
        parameters = Set.copyOf(parameters);
        ownStatuses = Set.copyOf(ownStatuses);
    }

    /// One that transactions are nothing to, and that a store answers itself.
    public Endpoint(
            String method,
            String template,
            Admission admission,
            Set<String> parameters,
            Body body,
            Set<Integer> ownStatuses,
            Function<Call, CompletionStage<Reply>> handler) {
        this(method, template, admission, parameters, body, ownStatuses, Transaction.NONE, AtStore.HERE, handler);
    }

    static Endpoint get(String template, Admission admission, Function<Call, CompletionStage<Reply>> handler) {
        return new Endpoint("GET", template, admission, Set.of(), Body.NONE, Set.of(200), handler);
    }

    static Endpoint delete(String template, Admission admission, Function<Call, CompletionStage<Reply>> handler) {
        return new Endpoint("DELETE", template, admission, Set.of(), Body.NONE, Set.of(204), handler);
    }

    static Endpoint delete(
            String template, Admission admission, Body body, Function<Call, CompletionStage<Reply>> handler) {
        return new Endpoint("DELETE", template, admission, Set.of(), body, Set.of(200), handler);
    }

    static Endpoint put(
            String template, Admission admission, Body body, Function<Call, CompletionStage<Reply>> handler) {
        return new Endpoint("PUT", template, admission, Set.of(), body, Set.of(200), handler);
    }

    static Endpoint post(
            String template, Admission admission, Body body, Function<Call, CompletionStage<Reply>> handler) {
        return new Endpoint("POST", template, admission, Set.of(), body, Set.of(200), handler);
    }

    Endpoint taking(String... parameters) {
        return new Endpoint(
                method, template, admission, Set.of(parameters), body, ownStatuses, transaction, atStore, handler);
    }

    Endpoint answering(Integer... statuses) {
        return new Endpoint(
                method, template, admission, parameters, body, Set.of(statuses), transaction, atStore, handler);
    }

    Endpoint handledBy(Function<Call, CompletionStage<Reply>> other) {
        return new Endpoint(method, template, admission, parameters, body, ownStatuses, transaction, atStore, other);
    }

    Endpoint under(Transaction open) {
        return new Endpoint(method, template, admission, parameters, body, ownStatuses, open, atStore, handler);
    }

    Endpoint answered(AtStore where) {
        return new Endpoint(method, template, admission, parameters, body, ownStatuses, transaction, where, handler);
    }

    /// The same at a site that only reads: HQ does what a store would queue.
    public Endpoint atReader() {
        return atStore == AtStore.QUEUED || atStore == AtStore.HERE_BY_BODY
                ? answered(AtStore.AT_HQ)
                        .handledBy(call -> CompletableFuture.completedStage(Reply.refusal(Problems.hqOnly())))
                : this;
    }

    /// Whether HQ answers at a store's address, by what can be told before the body: a lock is of a transaction,
    /// and HQ has those.
    boolean isHqs(boolean showsLock) {
        return atStore == AtStore.AT_HQ
                || atStore == AtStore.AT_HQ_OR_REFUSED
                || (showsLock && (transaction == Transaction.READ || transaction == Transaction.WRITTEN));
    }

    /// Whether HQ answers what a store cannot, since it takes more than that holds.
    boolean isHqsBeyondWhatIsHeld() {
        return atStore == AtStore.HERE_AS_FAR_AS_HELD;
    }

    /// Whether it is refused, and not put off, while HQ is away: transactions and what is one.
    boolean isRefusedWithoutHq(boolean showsLock) {
        return atStore == AtStore.AT_HQ_OR_REFUSED || (showsLock && transaction == Transaction.WRITTEN);
    }

    /// Every status that a client can get from it: its own, and those the [Router] answers on its behalf.
    public Set<Integer> statuses() {
        var all = new TreeSet<>(ownStatuses);
        all.addAll(Set.of(400, 500, 503));
        if (!admission.equals(Admission.NOBODY_NEEDED)) {
            all.addAll(Set.of(401, 403));
        }
        if (body != Body.NONE) {
            all.addAll(Set.of(408, 413, 415));
        }
        if (template.contains("{catalog}")) {
            all.add(404);
        }
        if (transaction.keepsOut()) {
            all.add(423);
        }
        if (transaction == Transaction.READ || transaction == Transaction.WRITTEN) {
            all.add(410);
        }
        if (parameters.contains(FollowedScope.PARAMETER)) { // a store may hold less than is asked about
            all.add(409);
        }
        return all;
    }

    @Override
    public String toString() {
        return method + " " + template;
    }
}
