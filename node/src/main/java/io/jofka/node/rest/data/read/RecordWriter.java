package io.jofka.node.rest.data.read;

import io.jofka.api.batch.LogRecord;
import io.jofka.api.batch.RecordHeader;
import io.jofka.node.rest.data.json.JsonOut;
import io.jofka.node.rest.data.json.JsonText;
import io.jofka.node.rest.data.json.Utf8;
import io.jofka.node.rest.data.read.RecordFormat.Style;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes records as JSON objects. Bound to one answer; not thread-safe. */
final class RecordWriter {
    private final JsonOut out;
    private final RecordFormat format;
    private final int maxDepth;

    RecordWriter(JsonOut out, RecordFormat format, int maxDepth) {
        this.out = out;
        this.format = format;
        this.maxDepth = maxDepth;
    }

    /** One object; {@code topic} is left out when empty, a null key too, a null value is {@code null}. */
    void write(String topic, int partition, LogRecord record) {
        out.raw('{');
        if (!topic.isEmpty()) {
            out.ascii("\"topic\":").string(topic).raw(',');
        }
        out.ascii("\"partition\":").number(partition);
        out.ascii(",\"offset\":").number(record.offset());
        out.ascii(",\"timestampMs\":").number(record.timestampMs());
        ByteBuffer key = record.key();
        if (key != null) {
            member("\"key\":", "\"keyBase64\":", format.key(), key, key.remaining());
        }
        value(record.value());
        headers(record.headers());
        out.raw('}');
    }

    /** In the place of records that cannot be read back. */
    void unreadable(String topic, int partition, long offset, long lastOffset, String why) {
        out.raw('{');
        if (!topic.isEmpty()) {
            out.ascii("\"topic\":").string(topic).raw(',');
        }
        out.ascii("\"partition\":").number(partition);
        out.ascii(",\"offset\":").number(offset);
        out.ascii(",\"lastOffset\":").number(lastOffset);
        out.ascii(",\"unreadable\":").string(why).raw('}');
    }

    private void value(@Nullable ByteBuffer value) {
        if (value == null) {
            out.ascii(",\"value\":null");
            return;
        }
        int size = value.remaining();
        int limit = format.maxValueBytes();
        if (limit < 0 || size <= limit) {
            member("\"value\":", "\"valueBase64\":", format.value(), value, size);
            return;
        }
        // a part of JSON is not JSON, so a preview is text
        Style style = format.value() == Style.BASE64 ? Style.BASE64 : Style.TEXT;
        byte[] bytes = array(value);
        int from = from(value);
        int shown = style == Style.TEXT ? Utf8.wholeCharacters(bytes, from, from + limit) - from : limit;
        boolean text = Utf8.isValid(bytes, from, from + shown);
        member("\"value\":", "\"valueBase64\":", text ? style : Style.BASE64, value, text ? shown : limit);
        out.ascii(",\"valueTruncated\":true,\"valueSizeBytes\":").number(size);
    }

    private void headers(List<RecordHeader> headers) {
        if (headers.isEmpty()) {
            return;
        }
        out.ascii(",\"headers\":[");
        for (int i = 0; i < headers.size(); i++) {
            RecordHeader header = headers.get(i);
            out.ascii(i == 0 ? "{\"name\":" : ",{\"name\":").string(header.name());
            ByteBuffer value = header.value();
            if (value != null) {
                member("\"value\":", "\"valueBase64\":", Style.TEXT, value, value.remaining());
            }
            out.raw('}');
        }
        out.raw(']');
    }

    private void member(String name, String base64Name, Style style, ByteBuffer data, int size) {
        byte[] bytes = array(data);
        int from = from(data);
        int to = from + size;
        out.raw(',');
        int mark = out.length();
        if (style != Style.BASE64) {
            out.ascii(name);
            if (isShownAsJson(style, bytes, from, to)) {
                if (format.oneLine()) {
                    out.oneLine(bytes, from, to);
                } else {
                    out.raw(bytes, from, to);
                }
                return;
            }
            if (out.tryString(bytes, from, to)) {
                return;
            }
            out.length(mark);
        }
        out.ascii(base64Name).base64(bytes, from, to);
    }

    private boolean isShownAsJson(Style style, byte[] bytes, int from, int to) {
        return switch (style) {
            case AUTO -> JsonText.isObjectOrArray(bytes, from, to, maxDepth);
            case JSON -> JsonText.isJson(bytes, from, to, maxDepth);
            case TEXT, BASE64 -> false;
        };
    }

    @SuppressWarnings("ByteBufferBackingArray") // the offset is in from()
    private static byte[] array(ByteBuffer data) {
        if (data.hasArray()) {
            return data.array();
        }
        byte[] copy = new byte[data.remaining()];
        data.get(data.position(), copy);
        return copy;
    }

    private static int from(ByteBuffer data) {
        return data.hasArray() ? data.arrayOffset() + data.position() : 0;
    }
}
