package dev.storemesh.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// A test that runs once per seed, given as its only argument; the seed stands in the test's name.
/// `-Dstoremesh.seed=17` repeats one.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "seed {0}")
@ArgumentsSource(Seeds.Provider.class)
public @interface Seeds {
    /// How many seeds, each a new one.
    int value() default 20;

    final class Provider implements ArgumentsProvider, AnnotationConsumer<Seeds> {
        private int count;

        @Override
        public void accept(Seeds seeds) {
            count = seeds.value();
        }

        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            var asked = System.getProperty("storemesh.seed", "");
            var first = System.nanoTime();
            return (asked.isBlank() ? LongStream.range(first, first + count) : LongStream.of(Long.parseLong(asked)))
                    .mapToObj(Arguments::of);
        }
    }
}
