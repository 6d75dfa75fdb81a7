package dev.storemesh.node.cluster;

import dev.storemesh.protocol.query.Plan;
import dev.storemesh.protocol.query.Targets;
import dev.storemesh.protocol.schema.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How the values of one class are taken apart and put together again.
///
/// A record is its components. Of other classes only those of [#CLASSES] are known: they are what the parameters
/// of one of their constructors say, each with an accessor or a field of its name.
final class Shape {
    private static final String OURS = "dev.storemesh.";
    private static final Set<Class<?>> CLASSES = Set.of(Plan.class, Targets.class, Schema.class);
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final ClassValue<Optional<Shape>> SHAPES = new ClassValue<>() {
        @Override
        protected Optional<Shape> computeValue(Class<?> type) {
            return made(type);
        }
    };

    /// One part of a value: a component, or a parameter of the constructor.
    record Part(String name, Class<?> type, MethodHandle get) {}

    private final Class<?> type;
    private final List<Part> parts;
    private final MethodHandle make;

    private Shape(Class<?> type, List<Part> parts, Constructor<?> constructor) throws IllegalAccessException {
        this.type = type;
        this.parts = List.copyOf(parts);
        constructor.setAccessible(true);
        this.make = LOOKUP.unreflectConstructor(constructor)
                .asSpreader(Object[].class, parts.size())
                .asType(MethodType.methodType(Object.class, Object[].class));
    }

    /// The shape of a class; empty: its values are not sent.
    static Optional<Shape> of(Class<?> type) {
        return SHAPES.get(type);
    }

    /// The shape of the class of this name, which another node sent.
    static Shape named(String name) {
        try {
            if (name.startsWith(OURS)) {
                var known = of(Class.forName(name, false, Shape.class.getClassLoader()));
                if (known.isPresent()) {
                    return known.get();
                }
            }
        } catch (ClassNotFoundException e) {
            throw new UnreadableMessageException("class: " + name + " (expected: one that this version knows)", e);
        }
        throw new UnreadableMessageException("class: " + name + " (expected: one of a message)");
    }

    String name() {
        return type.getName();
    }

    List<Part> parts() {
        return parts;
    }

    Object get(Part part, Object value) {
        try {
            return part.get().invokeExact(value);
        } catch (Throwable e) { // of an accessor, which throws nothing
            throw new IllegalStateException(name() + "." + part.name(), e);
        }
    }

    /// @param values in the order of the parts
    Object make(Object[] values) {
        try {
            return make.invokeExact(values);
        } catch (Throwable e) { // what the constructor, or a part of another type, has to say
            throw new UnreadableMessageException("value: of " + name() + " (expected: a sound one)", e);
        }
    }

    private static Optional<Shape> made(Class<?> type) {
        if (!type.getName().startsWith(OURS) || !(type.isRecord() || CLASSES.contains(type))) {
            return Optional.empty();
        }
        try {
            return type.isRecord() ? Optional.of(ofRecord(type)) : ofClass(type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("class: " + type.getName() + " (expected: can be looked into)", e);
        }
    }

    private static Shape ofRecord(Class<?> type) throws ReflectiveOperationException {
        var parts = new ArrayList<Part>();
        for (var component : type.getRecordComponents()) {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            parts.add(new Part(component.getName(), component.getType(), getter(LOOKUP.unreflect(accessor))));
        }
        var types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return new Shape(type, parts, type.getDeclaredConstructor(types));
    }

    private static Optional<Shape> ofClass(Class<?> type) throws ReflectiveOperationException {
        var all = type.getDeclaredConstructors(); // the one that takes the most: others leave something out
        Arrays.sort(
                all,
                Comparator.<Constructor<?>>comparingInt(Constructor::getParameterCount)
                        .reversed());
        for (var constructor : all) {
            var parts = parts(type, constructor);
            if (parts.size() == constructor.getParameterCount()) {
                return Optional.of(new Shape(type, parts, constructor));
            }
        }
        return Optional.empty();
    }

    /// Those of the parameters that have an accessor or a field.
    private static List<Part> parts(Class<?> type, Constructor<?> constructor) throws ReflectiveOperationException {
        var parts = new ArrayList<Part>();
        for (var parameter : constructor.getParameters()) {
            var name = parameter.getName();
            var accessor = Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(name) && method.getParameterCount() == 0)
                    .filter(method -> parameter.getType().isAssignableFrom(method.getReturnType()))
                    .findFirst();
            var field = Arrays.stream(type.getDeclaredFields())
                    .filter(one -> one.getName().equals(name) && one.getType() == parameter.getType())
                    .findFirst();
            if (accessor.isPresent()) {
                accessor.get().setAccessible(true);
                parts.add(new Part(name, parameter.getType(), getter(LOOKUP.unreflect(accessor.get()))));
            } else if (field.isPresent()) {
                field.get().setAccessible(true);
                parts.add(new Part(name, parameter.getType(), getter(LOOKUP.unreflectGetter(field.get()))));
            }
        }
        return parts;
    }

    private static MethodHandle getter(MethodHandle exact) {
        return exact.asType(MethodType.methodType(Object.class, Object.class));
    }
}
