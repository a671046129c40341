package io.jofka.api.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** What a person should know about a fault: what brings it about, and what to do. */
public record Advice(String cause, String cure) {
    /** Reads the advice for every fault; a test holds that none is missing. */
    public static Map<Fault, Advice> all() {
        Properties texts = new Properties();
        try (InputStream in = Objects.requireNonNull(Advice.class.getResourceAsStream("advice.properties"));
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            texts.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Fault, Advice> all = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            String cause = texts.getProperty(fault + ".cause", fault.title() + ".");
            String cure = texts.getProperty(fault + ".cure", "See the detail of the problem.");
            all.put(fault, new Advice(cause, cure));
        }
        return Collections.unmodifiableMap(all);
    }
}
