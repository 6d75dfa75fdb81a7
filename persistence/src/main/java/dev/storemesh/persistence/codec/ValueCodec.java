package dev.storemesh.persistence.codec;

import dev.storemesh.protocol.value.AppName;
import dev.storemesh.protocol.value.Attribute;
import dev.storemesh.protocol.value.CatalogId;
import dev.storemesh.protocol.value.DefinitionName;
import dev.storemesh.protocol.value.LocationId;
import dev.storemesh.protocol.value.Slot;
import dev.storemesh.protocol.value.StoreId;
import dev.storemesh.protocol.value.TypeName;
import dev.storemesh.protocol.value.Value;
import java.util.Optional;

/// Values, and the names they stand under.
final class ValueCodec {
    private ValueCodec() {}

    static void write(RowWriter out, Attribute attribute) {
        write(out, attribute.slot());
        write(out, attribute.value());
    }

    static Attribute attribute(RowReader in) {
        var slot = slot(in);
        return new Attribute(slot.definition(), slot.location(), value(in));
    }

    static void write(RowWriter out, Slot slot) {
        out.shared(slot, whole -> {
            out.shared(whole.definition(), name -> out.text(name.text()));
            writeLocation(out, whole.location());
        });
    }

    static void writeLocation(RowWriter out, Optional<LocationId> place) {
        out.optional(place, location -> out.shared(location, name -> out.text(name.text())));
    }

    static Optional<LocationId> location(RowReader in) {
        return in.optional(() -> in.shared(LocationId.class, () -> new LocationId(in.text())));
    }

    static Slot slot(RowReader in) {
        return in.shared(
                Slot.class,
                () -> new Slot(in.shared(DefinitionName.class, () -> new DefinitionName(in.text())), location(in)));
    }

    static void write(RowWriter out, TypeName type) {
        out.shared(type, name -> out.text(name.text()));
    }

    static TypeName type(RowReader in) {
        return in.shared(TypeName.class, () -> new TypeName(in.text()));
    }

    static void write(RowWriter out, CatalogId catalog) {
        out.shared(catalog, name -> out.text(name.text()));
    }

    static CatalogId catalog(RowReader in) {
        return in.shared(CatalogId.class, () -> new CatalogId(in.text()));
    }

    static void write(RowWriter out, StoreId store) {
        out.shared(store, name -> out.text(name.text()));
    }

    static StoreId store(RowReader in) {
        return in.shared(StoreId.class, () -> new StoreId(in.text()));
    }

    static void write(RowWriter out, AppName app) {
        out.shared(app, name -> out.text(name.text()));
    }

    static AppName app(RowReader in) {
        return in.shared(AppName.class, () -> new AppName(in.text()));
    }

    /// A text that many events of a row have in common: a caller, an app, a currency.
    static void writeShared(RowWriter out, String text) {
        out.shared(text, out::text);
    }

    static String sharedText(RowReader in) {
        return in.shared(String.class, in::text);
    }

    static void write(RowWriter out, Value value) {
        switch (value) {
            case Value.Text(var text) -> {
                out.tag(Tags.Values.TEXT);
                out.text(text);
            }
            case Value.Whole(var number) -> {
                out.tag(Tags.Values.WHOLE);
                out.signed(number);
            }
            case Value.Decimal(var number) -> { // as written: 12.50 stays 12.50
                out.tag(Tags.Values.DECIMAL);
                out.text(number.toPlainString());
            }
            case Value.Flag(var flag) -> out.tag(flag ? Tags.Values.TRUE : Tags.Values.FALSE);
            case Value.Moment(var instant) -> {
                out.tag(Tags.Values.MOMENT);
                out.instant(instant);
            }
            case Value.Money(var amount, var currency) -> {
                out.tag(Tags.Values.MONEY);
                out.signed(amount);
                writeShared(out, currency);
            }
            case Value.Reference(var target) -> {
                out.tag(Tags.Values.REFERENCE);
                out.token(target);
            }
        }
    }

    static Value value(RowReader in) {
        int tag = in.tag();
        return switch (tag) {
            case Tags.Values.TEXT -> new Value.Text(in.text());
            case Tags.Values.WHOLE -> new Value.Whole(in.signed());
            case Tags.Values.DECIMAL -> Value.Decimal.parse(in.text());
            case Tags.Values.FALSE -> new Value.Flag(false);
            case Tags.Values.TRUE -> new Value.Flag(true);
            case Tags.Values.MOMENT -> new Value.Moment(in.instant());
            case Tags.Values.MONEY -> new Value.Money(in.signed(), sharedText(in));
            case Tags.Values.REFERENCE -> new Value.Reference(in.token());
            default -> throw in.unknownTag("value", tag);
        };
    }
}
