package io.jofka.node.rest.admin;

import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Problem;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a parsed body against the record that it is to become: every unknown member, missing member and wrong type is
 * found, each with its JSON pointer. JSON-B alone would drop unknown members in silence and speak of Java classes.
 */
final class Shape {
    /** Faults beyond this number are not listed. */
    private static final int MAX_FAULTS = 100;

    private final List<Problem.Pointer> faults = new ArrayList<>();

    /** All that is wrong; empty when the value fits. */
    static List<Problem.Pointer> check(@Nullable Object value, Class<?> record) {
        Shape shape = new Shape();
        shape.checkRecord("", value, record);
        return shape.faults;
    }

    private void fault(String pointer, String detail) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Problem.Pointer(pointer, Fault.INVALID_BODY.name(), detail));
        }
    }

    private void checkRecord(String at, @Nullable Object value, Class<?> record) {
        if (!(value instanceof Map<?, ?> members)) {
            fault(at, (at.isEmpty() ? "The body" : "The member") + " is an object.");
            return;
        }
        Map<String, RecordComponent> known = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            known.put(component.getName(), component);
        }
        members.forEach((name, member) -> {
            RecordComponent component = known.get((String) name);
            String pointer = at + "/" + escape((String) name);
            if (component == null) {
                fault(
                        pointer,
                        "'" + Parameters.shown((String) name) + "' is not known here; known are "
                                + String.join(", ", known.keySet()) + ".");
            } else {
                checkMember(pointer, member, component);
            }
        });
        known.forEach((name, component) -> {
            if (!members.containsKey(name) && !isNullable(component)) {
                fault(at + "/" + name, "'" + name + "' is missing.");
            }
        });
    }

    private void checkMember(String at, @Nullable Object value, RecordComponent component) {
        if (value != null) {
            check(at, value, component.getGenericType());
        } else if (!isNullable(component)) {
            fault(at, "'" + component.getName() + "' may not be null.");
        }
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private void check(String at, Object value, Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            checkList(at, value, generic.getActualTypeArguments()[0]);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            checkValues(at, value);
        } else if (type == String.class) {
            expect(at, value instanceof String, "text");
        } else if (type == Integer.class || type == int.class) {
            expect(at, isWhole(value, Integer.MAX_VALUE), "a whole number of at most 32 bits");
        } else if (type == Long.class || type == long.class) {
            expect(at, isWhole(value, Long.MAX_VALUE), "a whole number of at most 64 bits");
        } else if (type == Boolean.class || type == boolean.class) {
            expect(at, value instanceof Boolean, "true or false");
        } else if (type instanceof Class<?> record && record.isRecord()) {
            checkRecord(at, value, record);
        } else {
            throw new IllegalStateException("a body cannot have a member of type " + type);
        }
    }

    private void expect(String at, boolean fits, String what) {
        if (!fits) {
            fault(at, "The member is " + what + ".");
        }
    }

    /** Compares before it expands: 1e999999999 is refused without being written out. */
    private static boolean isWhole(Object value, long max) {
        if (!(value instanceof BigDecimal number)) {
            return false;
        }
        BigDecimal plain = number.stripTrailingZeros();
        if (plain.scale() > 0 || plain.precision() - plain.scale() > 19) {
            return false;
        }
        return plain.compareTo(BigDecimal.valueOf(max)) <= 0 && plain.compareTo(BigDecimal.valueOf(-max - 1)) >= 0;
    }

    private void checkList(String at, Object value, Type itemType) {
        if (!(value instanceof List<?> items)) {
            fault(at, "The member is a list.");
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            Object item = items.get(i);
            if (item == null) {
                fault(at + "/" + i, "An item may not be null.");
            } else {
                check(at + "/" + i, item, itemType);
            }
        }
    }

    /** Values by name: text, number, boolean, null, or a list of text. */
    private void checkValues(String at, Object value) {
        if (!(value instanceof Map<?, ?> members)) {
            fault(at, "The member is an object of values by name.");
            return;
        }
        members.forEach((name, member) -> {
            boolean texts = member instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
            boolean scalar = member == null || member instanceof String || member instanceof Boolean;
            if (!texts && !scalar && !isModest(member)) {
                fault(at + "/" + escape((String) name), "A value is text, a number, true or false, or a list of text.");
            }
        });
    }

    private static boolean isModest(@Nullable Object value) {
        return value instanceof BigDecimal number && Math.abs((long) number.scale()) <= 32;
    }

    /** RFC 6901; what is too long to show is cut. */
    private static String escape(String name) {
        return Parameters.shown(name).replace("~", "~0").replace("/", "~1");
    }
}
