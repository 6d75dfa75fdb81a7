package dev.storemesh.protocol.json;

/// A request that is not of the asked form. `code` is the stable name of the error (`malformed_json`,
/// `unknown_field`, `missing_field`, `invalid_value` …), `field` says where: a JSON pointer (RFC 6901) into the
/// body, or a parameter's name.
public final class MalformedInput extends IllegalArgumentException {
    private final String code;
    private final String field;

    public MalformedInput(String code, String field, String message) {
        super(message);
        this.code = code;
        this.field = field;
    }

    public MalformedInput(String code, Pointer field, String message) {
        this(code, field.toString(), message);
    }

    public String code() {
        return code;
    }

    public String field() {
        return field;
    }
}
