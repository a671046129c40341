package io.jofka.node.rest.admin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.jofka.api.fault.Fault;
import io.jofka.node.rest.Parameters;
import io.jofka.node.rest.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/**
 * Swagger UI from its webjar, showing {@code /openapi}: offline, only a fixed set of files, no script in the page. Files
 * are read when asked for. Thread-safe.
 */
public final class ApiPageService implements HttpService {
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";
    private static final String WEBJAR_POM = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /** Swagger UI puts styles on elements, and draws its icons from data addresses. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";

    private static final Map<String, String> FILES = Map.of(
            "swagger-ui.css", "text/css",
            "swagger-ui-bundle.js", "text/javascript",
            "favicon-32x32.png", "image/png");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Jofka API</title>
            <meta name="viewport" content="width=device-width">
            <link rel="stylesheet" href="/openapi/ui/swagger-ui.css">
            <link rel="icon" type="image/png" href="/openapi/ui/favicon-32x32.png">
            </head><body><div id="ui"></div>
            <script src="/openapi/ui/swagger-ui-bundle.js"></script>
            <script src="/openapi/ui/start.js"></script>
            </body></html>
            """;

    private static final String START = """
            window.ui = SwaggerUIBundle({
              url: '/openapi?format=json',
              dom_id: '#ui',
              deepLinking: true,
              docExpansion: 'list',
              validatorUrl: null
            });
            """;

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> text(response, "text/html; charset=UTF-8", PAGE));
        rules.get("/start.js", (request, response) -> text(response, "text/javascript; charset=UTF-8", START));
        rules.get("/{file}", this::file);
    }

    private static void text(ServerResponse response, String type, String content) {
        Html.secure(response, POLICY);
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.send(content.getBytes(StandardCharsets.UTF_8));
    }

    private void file(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("file");
        String type = FILES.get(name);
        if (type == null) {
            throw new Refusal(Fault.NOT_FOUND, "The API page has no file '" + Parameters.shown(name) + "'.");
        }
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=86400");
        response.send(bytes(WEBJAR + version() + "/" + name));
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = resource(WEBJAR_POM)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "");
    }

    private static byte[] bytes(String name) {
        try (InputStream in = resource(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = ApiPageService.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("the packaged file " + name + " is missing");
        }
        return in;
    }
}
